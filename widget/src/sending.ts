/** What the client wrote, on its way: kept until the server has it, and shown until its event comes. */

import { Outbox } from "./core/outbox.ts";
import type { Held, Unsent } from "./core/outbox.ts";
import type { Keep } from "./core/storage.ts";
import type { Reply } from "./core/wire.ts";
import type { Unconfirmed } from "./view/rows.ts";

export interface Way {
  readonly send: (command: Unsent) => Promise<Reply>;
  /** The one reply to what was written; that of a stored message changes only how it is shown. */
  readonly settled: (command: Unsent, reply: Reply) => void;
}

export class Sending {
  readonly #way: Way;
  readonly #outbox: Outbox;
  readonly #unsent = new Map<string, Held>();
  /** Stored by the server, and its event has not come yet. */
  readonly #stored = new Set<string>();

  constructor(keep: Keep, way: Way) {
    this.#outbox = new Outbox(keep);
    this.#way = way;
  }

  /** Words of the client are waiting for the connection. */
  get waits(): boolean {
    return this.#unsent.size > this.#stored.size;
  }

  in(conversation: number | null): Unconfirmed[] {
    return [...this.#unsent.values()].flatMap(({ command, at }) => {
      const id = command.client_message_id;
      const here = command.type !== "start_conversation" && command.conversation === conversation;
      return here ? [{ id, body: command.body, at: new Date(at).toISOString(), stored: this.#stored.has(id) }] : [];
    });
  }

  submit(command: Unsent): void {
    const held = { command, at: Date.now() };
    this.#outbox.put(command, held.at);
    this.#dispatch(held);
  }

  /** Sends what this page, an earlier one or another tab has not got confirmed; the server takes each once. */
  resume(): void {
    for (const held of this.#outbox.list()) this.#dispatch(held);
  }

  /** Its event came, or it was refused: it is on its way no more. */
  arrived(id: string): void {
    if (!this.#unsent.delete(id)) return;
    this.#stored.delete(id);
    this.#outbox.remove(id);
  }

  #dispatch(held: Held): void {
    const { client_message_id: id } = held.command;
    if (this.#unsent.has(id)) return;
    this.#unsent.set(id, held);
    void this.#way.send(held.command).then((reply) => this.#settle(held.command, reply));
  }

  #settle(command: Unsent, reply: Reply): void {
    const { client_message_id: id } = command;
    this.#outbox.remove(id);
    if (reply.type !== "message_stored") this.arrived(id);
    else if (this.#unsent.has(id)) this.#stored.add(id);
    this.#way.settled(command, reply);
  }
}
