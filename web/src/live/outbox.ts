/** Messages and notes on their way: on the screen at once, in this browser's storage until the server has them. */

import { signal } from "@preact/signals";
import { newId } from "../../../widget/src/core/ids.ts";
import { Outbox } from "../../../widget/src/core/outbox.ts";
import { keep } from "../../../widget/src/core/storage.ts";
import type { AddNote, CommandRefused, SendMessage } from "../../../widget/src/core/wire.ts";
import { dispatch } from "./live.ts";

export type Written = SendMessage | AddNote;

export interface Bubble {
  readonly command: Written;
  readonly at: number;
  /** The server said so; the event that shows it in the thread is on its way. */
  readonly stored: boolean;
}

type GiveBack = (command: Written, refusal: CommandRefused) => void;

/** The shared outbox knows messages; a note is kept as one, on a shelf of its own. */
let shelves: Record<Written["type"], Outbox> | null = null;
let giveBack: GiveBack = () => undefined;

/** What the thread does not show yet, oldest first. */
export const unsent = signal<readonly Bubble[]>([]);

/** Takes up what an earlier page left, for this member of staff. Refused words go to `onRefused`. */
export function openOutbox(agent: number, onRefused: GiveBack): void {
  if (shelves) return;
  giveBack = onRefused;
  shelves = {
    send_message: new Outbox(keep(`chatserver:staff:${agent}:message:`)),
    add_note: new Outbox(keep(`chatserver:staff:${agent}:note:`)),
  };
  unsent.value = [...left("send_message"), ...left("add_note")].sort((one, other) => one.at - other.at);
  for (const { command } of unsent.value) void deliver(command);
}

function left(type: Written["type"]): Bubble[] {
  const held = shelves?.[type].list() ?? [];
  return held.map(({ command, at }) => ({ command: { ...(command as SendMessage), type }, at, stored: false }));
}

export function write(type: Written["type"], conversation: number, body: string): void {
  const command: Written = { ref: newId(), type, conversation, client_message_id: newId(), body };
  const at = Date.now();
  shelves?.[type].put({ ...command, type: "send_message" }, at);
  unsent.value = [...unsent.peek(), { command, at, stored: false }];
  void deliver(command);
}

/** The thread shows it now, by this tab's hand or another's. */
export function settle(clientMessageId: string): void {
  const bubble = unsent.peek().find(({ command }) => command.client_message_id === clientMessageId);
  if (!bubble) return;
  shelves?.[bubble.command.type].remove(clientMessageId);
  unsent.value = unsent.peek().filter((other) => other !== bubble);
}

async function deliver(command: Written): Promise<void> {
  const reply = await dispatch(command);
  if (reply.type === "refused") {
    settle(command.client_message_id);
    giveBack(command, reply);
  } else if (command.type === "add_note") {
    settle(command.client_message_id);
  } else {
    markStored(command);
  }
}

function markStored({ client_message_id }: SendMessage): void {
  shelves?.send_message.remove(client_message_id);
  unsent.value = unsent
    .peek()
    .map((bubble) => (bubble.command.client_message_id === client_message_id ? { ...bubble, stored: true } : bubble));
}
