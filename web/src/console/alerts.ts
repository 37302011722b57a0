/** Nobody may miss an offer: it rings until it is answered, counts in the title, and knocks from another tab. */

import { effect, signal, untracked } from "@preact/signals";
import type { Frame } from "../../../widget/src/core/socket.ts";
import { countAlerts, titleOf } from "../core/alerts.ts";
import type { Chat } from "../core/inbox.ts";
import { sayCause } from "../core/reasons.ts";
import { t } from "../core/words.ts";
import { show } from "../live/notices.ts";
import { ring, tick } from "../live/sound.ts";
import { answer } from "./offers.ts";
import { nameOf } from "./row.tsx";
import { chats, chosen, drafts, offers } from "./state.ts";
import { visible } from "./visible.ts";

const RING_EVERY_MS = 5000;

/** Read out politely when an offer comes. */
export const announcement = signal("");

export function watchOffers(): void {
  const known = new Set<number>();
  effect(() => {
    const ready = offers.value.filter(({ context }) => context !== null);
    const ids = new Set(offers.value.map(({ item }) => item.conversation));
    for (const id of known) if (!ids.has(id)) known.delete(id);
    for (const chat of chats.value) if (chat.context) names.set(chat.item.conversation, nameOf(chat));
    for (const chat of ready) {
      if (known.has(chat.item.conversation)) continue;
      known.add(chat.item.conversation);
      untracked(() => announce(chat));
    }
  });
  effect(() => {
    document.title = titleOf(t("app.console"), countAlerts(chats.value));
  });
  setInterval(() => {
    if (offers.value.some((chat) => !isBeingAnswered(chat))) ring();
  }, RING_EVERY_MS);
}

/** It keeps quiet under the fingers of who is writing the answer. */
function isBeingAnswered({ item }: Chat): boolean {
  return chosen.value === item.conversation && visible.value && drafts.read(item.conversation).body !== "";
}

function announce(chat: Chat): void {
  const name = nameOf(chat);
  announcement.value = t("offer.announce", { name, subject: chat.thread?.conversation.subject ?? "" });
  ring();
  knock(t("offer.new", { name }), chat.thread?.conversation.subject ?? "", chat.item.conversation);
}

/** Names of conversations that were here a moment ago, to say whose has gone. */
const names = new Map<number, string>();

/** What nobody here did by themselves, and so has to be told. */
const TOLD: ReadonlySet<string> = new Set(
  ["missed", "silent", "gone", "reassigned", "taken_over", "abandoned"].map((cause) => `cause.${cause}`),
);

export function hearLoss(frame: Frame): void {
  if (frame.type !== "inbox_removed" || !TOLD.has(frame.cause)) return;
  const name = names.get(frame.conversation);
  if (name) show({ tone: "warn", title: t("list.lost", { name }), text: `${sayCause(frame.cause) ?? ""}.` });
}

/** The client wrote where nobody is looking. */
export function hearMessage(frame: Frame): void {
  if (frame.type !== "message_sent" || frame.entry.sender.kind !== "visitor") return;
  const conversation = Number(frame.topic.split(":")[1]);
  const chat = chats.value.find(({ item }) => item.conversation === conversation);
  if (!chat || (visible.value && chosen.value === conversation)) return;
  tick();
  knock(t("message.arrived", { name: nameOf(chat) }), frame.entry.body, conversation);
}

/** A notification of the system, only while the page is not in sight. A newer one of the same conversation replaces it. */
function knock(title: string, body: string, conversation: number): void {
  if (visible.value || !("Notification" in window) || Notification.permission !== "granted") return;
  const notification = new Notification(title, { body: body.slice(0, 120), tag: `conversation-${conversation}` });
  notification.onclick = () => {
    window.focus();
    answer(conversation);
    notification.close();
  };
}
