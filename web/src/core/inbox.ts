/** An agent's conversations: which are offers, and in which order they stand. */

import type { ContextSnapshot, ConversationSnapshot, InboxItem } from "../../../widget/src/core/wire.ts";

export interface Chat {
  readonly item: InboxItem;
  /** Null until the topic has answered. */
  readonly thread: ConversationSnapshot | null;
  readonly context: ContextSnapshot | null;
}

/** Offered to this agent and not yet accepted. While a transfer is under way the old owner's item is no offer to them. */
export function isOffer({ item, thread, context }: Chat): boolean {
  if (item.kind === "transfer") return true;
  return thread?.conversation.state === "offered" && !context?.conversation.transfer;
}

/** Offers first, then the others; each as the server sorted them, oldest first. */
export function orderChats(chats: readonly Chat[]): Chat[] {
  return [...chats.filter(isOffer), ...chats.filter((chat) => !isOffer(chat))];
}

/** The conversation `step` places further down the list, round the end; the first when none is chosen. */
export function neighbour(ids: readonly number[], chosen: number | null, step: 1 | -1): number | null {
  if (ids.length === 0) return null;
  const at = chosen === null ? -1 : ids.indexOf(chosen);
  if (at < 0) return ids[step > 0 ? 0 : ids.length - 1] ?? null;
  return ids[(at + step + ids.length) % ids.length] ?? null;
}
