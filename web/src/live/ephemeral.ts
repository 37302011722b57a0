/** What is true for a moment only: who is typing, whether the client is connected. Nothing here survives or is promised. */

import { signal } from "@preact/signals";
import type { Frame } from "../../../widget/src/core/socket.ts";

/** A lost "stopped typing" must not type forever. */
const TYPING_MS = 6000;

const timers = new Map<number, ReturnType<typeof setTimeout>>();

/** Conversations whose client is writing now. */
export const typing = signal<ReadonlySet<number>>(new Set());

/** Whether a conversation's client is connected; absent when nobody has said so yet. */
export const presence = signal<ReadonlyMap<number, boolean>>(new Map());

export function hearEphemeral(frame: Frame): void {
  if (frame.type === "presence_changed") setPresent(frame.conversation, frame.present);
  else if (frame.type === "typing_changed" && frame.by === "visitor") {
    setTyping(frame.conversation, frame.on);
    setPresent(frame.conversation, true);
  } else if (frame.type === "message_sent" && frame.entry.sender.kind === "visitor") {
    const conversation = Number(frame.topic.split(":")[1]);
    setTyping(conversation, false);
    setPresent(conversation, true);
  }
}

function setPresent(conversation: number, present: boolean): void {
  if (presence.peek().get(conversation) === present) return;
  presence.value = new Map(presence.peek()).set(conversation, present);
}

function setTyping(conversation: number, on: boolean): void {
  clearTimeout(timers.get(conversation));
  if (on) timers.set(conversation, setTimeout(() => setTyping(conversation, false), TYPING_MS));
  if (typing.peek().has(conversation) === on) return;
  const next = new Set(typing.peek());
  if (on) next.add(conversation);
  else next.delete(conversation);
  typing.value = next;
}
