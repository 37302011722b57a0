/** What a person wrote and no server has confirmed yet. It outlives the page: every tab and every reload sends it again
 *  under the same ids, and the server stores it once. One key a message, so that two tabs never overwrite each other. */

import type { Keep } from "./storage.ts";
import type { LeaveMessage, SendMessage, StartConversation } from "./wire.ts";

export type Unsent = SendMessage | StartConversation | LeaveMessage;

export interface Held {
  readonly command: Unsent;
  /** When it was written, in ms; also the order of sending. */
  readonly at: number;
}

const PREFIX = "out:";

export class Outbox {
  readonly #keep: Keep;

  constructor(keep: Keep) {
    this.#keep = keep;
  }

  put(command: Unsent, at: number): void {
    this.#keep.set(PREFIX + command.client_message_id, JSON.stringify({ command, at }));
  }

  /** It is stored, or it was refused: either way nobody sends it again. */
  remove(clientMessageId: string): void {
    this.#keep.remove(PREFIX + clientMessageId);
  }

  /** Everything unsent, oldest first. */
  list(): Held[] {
    const names = this.#keep.names().filter((name) => name.startsWith(PREFIX));
    return names.flatMap((name) => this.#read(name)).sort((a, b) => a.at - b.at);
  }

  #read(name: string): Held[] {
    const text = this.#keep.get(name); // Another tab may have sent it since the names were read.
    return text === null ? [] : [JSON.parse(text) as Held];
  }
}
