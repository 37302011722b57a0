/** What the console knows besides the server: which conversation is on the screen, drafts, earlier entries, which dialog is open. */

import { batch, computed, effect, signal } from "@preact/signals";
import { keep } from "../../../widget/src/core/storage.ts";
import { Drafts } from "../core/drafts.ts";
import { orderChats, neighbour, isOffer } from "../core/inbox.ts";
import type { Chat } from "../core/inbox.ts";
import type { Entry } from "../core/thread.ts";
import { countUnread } from "../core/unread.ts";
import { contextOf, followConversation, inbox, threadOf } from "../live/live.ts";

export type Pane = "list" | "thread" | "context";
export type DialogName = "help" | "transfer" | "return" | "end" | "escalate" | "previous" | "end_shift" | "logout";

export interface Earlier {
  readonly entries: readonly Entry[];
  readonly more: boolean;
}

export const chosen = signal<number | null>(null);
/** On a narrow screen only one pane is there. */
export const pane = signal<Pane>("list");
export const dialog = signal<DialogName | null>(null);
/** Entries before the snapshot's, a conversation. */
export const earlier = signal<ReadonlyMap<number, Earlier>>(new Map());
/** Where "new messages" begins in the chosen conversation: what an agent had seen when it was opened. */
export const newAfter = signal<number | null>(null);

export const drafts = new Drafts(keep("chatserver:staff:draft:"));
/** Grows whenever a draft was written from outside the composer. */
export const draftsTouched = signal(0);

export const chats = computed<readonly Chat[]>(() =>
  orderChats(
    (inbox.value ?? []).map((item) => ({
      item,
      thread: threadOf(item.conversation),
      context: contextOf(item.conversation),
    })),
  ),
);

export const offers = computed(() => chats.value.filter(isOffer));

export const chosenChat = computed<Chat | null>(
  () => chats.value.find(({ item }) => item.conversation === chosen.value) ?? null,
);

export const unreadTotal = computed(() =>
  chats.value.reduce((total, { thread }) => total + (thread ? countUnread(thread) : 0), 0),
);

/** Conversations ended just now stay readable until another one is chosen. */
let letGo: (() => void) | null = null;

export function choose(conversation: number | null): void {
  if (conversation === chosen.peek()) {
    if (conversation !== null) pane.value = "thread";
    return;
  }
  letGo?.();
  letGo = conversation === null ? null : followConversation(conversation);
  batch(() => {
    chosen.value = conversation;
    newAfter.value = null;
    pane.value = conversation === null ? "list" : "thread";
  });
  const hash = conversation === null ? "" : `#c${conversation}`;
  if (location.hash !== hash) history.pushState(null, "", hash || location.pathname);
}

export function chooseNeighbour(step: 1 | -1): void {
  const ids = chats.value.map(({ item }) => item.conversation);
  const next = neighbour(ids, chosen.value, step);
  if (next !== null) choose(next);
}

/** The address names the conversation, so that back, reload and links of the live queue work. */
export function followAddress(): void {
  const read = (): void => choose(Number(/^#c(\d+)$/.exec(location.hash)?.[1] ?? 0) || null);
  addEventListener("popstate", read);
  addEventListener("hashchange", read);
  read();
}

/** Follows each conversation of the inbox for as long as it is there. */
export function followInbox(): void {
  const followed = new Map<number, () => void>();
  effect(() => {
    const wanted = new Set((inbox.value ?? []).map((item) => item.conversation));
    for (const conversation of wanted) {
      if (!followed.has(conversation)) followed.set(conversation, followConversation(conversation));
    }
    for (const [conversation, stop] of followed) {
      if (wanted.has(conversation)) continue;
      stop();
      followed.delete(conversation);
    }
  });
}

export function backToThread(): void {
  pane.value = "thread";
}
