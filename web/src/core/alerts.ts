/** What the page's title counts: offers, and conversations with words nobody has read. */

import { isOffer } from "./inbox.ts";
import type { Chat } from "./inbox.ts";
import { countUnread } from "./unread.ts";

export function countAlerts(chats: readonly Chat[]): number {
  return chats.filter((chat) => isOffer(chat) || (chat.thread !== null && countUnread(chat.thread) > 0)).length;
}

/** "(2) Consola" */
export function titleOf(name: string, alerts: number): string {
  return alerts === 0 ? name : `(${alerts}) ${name}`;
}
