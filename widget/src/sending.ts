/** What the client wrote, on its way: kept until the server has it, and shown until its event comes. */

import { Outbox } from "./core/outbox.ts";
import type { Held, Unsent } from "./core/outbox.ts";
import type { Keep } from "./core/storage.ts";
import type { Reply } from "./core/wire.ts";
import type { Unconfirmed } from "./view/rows.ts";

type Send = (command: Unsent) => Promise<Reply>;
/** Hears the one reply to what was written; that of a stored message changes only how it is shown. */
type Settled = (command: Unsent, reply: Reply) => void;

export class Sending {
  readonly #send: Send;
  readonly #settled: Settled;
  readonly #outbox: Outbox;
  /** `stored` by the server means that only its event has not come yet. */
  readonly #unsent = new Map<string, Held & { stored?: boolean }>();

  constructor(keep: Keep, send: Send, settled: Settled) {
    this.#outbox = new Outbox(keep);
    this.#send = send;
    this.#settled = settled;
  }

  /** Words of the client are waiting for the connection. */
  get waits(): boolean {
    return [...this.#unsent.values()].some(({ stored }) => !stored);
  }

  in(conversation: number | null): Unconfirmed[] {
    return [...this.#unsent].flatMap(([id, { command, at, stored = false }]) => {
      const here = command.type !== "start_conversation" && command.conversation === conversation;
      return here ? [{ id, body: command.body, at: new Date(at).toISOString(), stored }] : [];
    });
  }

  submit(command: Unsent): void {
    const at = Date.now();
    this.#outbox.put(command, at);
    void this.#dispatch({ command, at });
  }

  /** Sends what this page, an earlier one or another tab has not got confirmed; the server takes each once. */
  resume(): void {
    for (const held of this.#outbox.list()) void this.#dispatch(held);
  }

  /** Its event came, or it was refused: it is on its way no more. */
  arrived(id: string): void {
    if (this.#unsent.delete(id)) this.#outbox.remove(id);
  }

  async #dispatch(held: Held & { stored?: boolean }): Promise<void> {
    const { command } = held;
    const id = command.client_message_id;
    if (this.#unsent.has(id)) return;
    this.#unsent.set(id, held);
    const reply = await this.#send(command);
    this.#outbox.remove(id);
    if (reply.type === "message_stored") held.stored = true;
    else this.#unsent.delete(id);
    this.#settled(command, reply);
  }
}
