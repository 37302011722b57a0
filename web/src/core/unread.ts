/** What a conversation says of itself in a list: last words, what is unread, whether somebody waits for an answer. */

import type { ConversationSnapshot, MessageEntry } from "../../../widget/src/core/wire.ts";

/** The client's messages that no agent has had on a screen. */
export function countUnread({ conversation, entries }: ConversationSnapshot): number {
  return entries.filter(
    (entry) => entry.kind === "message" && entry.sender.kind === "visitor" && entry.seq > conversation.agent_seen,
  ).length;
}

/** The last thing a person wrote, if anybody has written yet. */
export function lastMessage({ entries }: ConversationSnapshot): MessageEntry | null {
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (entry?.kind === "message" && entry.sender.kind !== "system") return entry;
  }
  return null;
}

/** Since when the client waits for words of ours; null when the last word was ours. */
export function waitsSince(snapshot: ConversationSnapshot): string | null {
  const { conversation, entries } = snapshot;
  if (conversation.state === "wrap_up" || conversation.ended_at !== null) return null;
  let since: string | null = null;
  for (const entry of entries) {
    if (entry.kind !== "message" || entry.sender.kind === "system") continue;
    since = entry.sender.kind === "agent" ? null : (since ?? entry.at);
  }
  const answered = entries.some((entry) => entry.kind === "message" && entry.sender.kind === "agent");
  return since ?? (answered ? null : conversation.opened_at);
}

/** The highest public `seq`: what `mark_seen` may say once it is on the screen. */
export function lastSeq({ entries }: ConversationSnapshot): number {
  return entries.at(-1)?.seq ?? 0;
}
