/** The middle pane: who it is with, what can be done, the thread, and the composer at its foot. */

import { useSignal, useSignalEffect } from "@preact/signals";
import type { Chat } from "../core/inbox.ts";
import { isOffer } from "../core/inbox.ts";
import { KEYS } from "../core/shortcuts.ts";
import { layThread } from "../core/thread.ts";
import { countUnread, lastSeq } from "../core/unread.ts";
import { t } from "../core/words.ts";
import { presence, typing } from "../live/ephemeral.ts";
import { contextOf, me, send, threadOf } from "../live/live.ts";
import { unsent } from "../live/outbox.ts";
import { ConversationBadge } from "../ui/badge.tsx";
import { Empty } from "../ui/empty.tsx";
import { Icon } from "../ui/icon.tsx";
import { Log } from "../ui/log.tsx";
import { ThreadLines } from "../ui/thread.tsx";
import { ActionBar } from "./actions.tsx";
import { Banner } from "./banner.tsx";
import { Composer } from "./composer.tsx";
import { loadEarlier } from "./earlier.ts";
import { nameOf } from "./row.tsx";
import { choose, chosen, chosenChat, earlier, newAfter, pane } from "./state.ts";
import { visible } from "./visible.ts";

export function ConversationPane() {
  const conversation = chosen.value;
  if (conversation === null) {
    return (
      <main class="conversation nothing" aria-label={t("thread.pick")}>
        <Empty title={t("thread.pick")} hint={t("thread.pick_hint")} />
      </main>
    );
  }
  // After it has left the inbox it stays readable until another one is chosen.
  const chat = chosenChat.value ?? {
    item: { conversation, portal: 0, kind: "owner" as const, since: "" },
    thread: threadOf(conversation),
    context: contextOf(conversation),
  };
  const mine = chosenChat.value !== null;
  return (
    <main class="conversation" aria-label={t("thread.label", { name: nameOf(chat) })} data-conversation={conversation}>
      <Title chat={chat} />
      {mine && <ActionBar chat={chat} />}
      <Banner chat={chat} mine={mine} />
      <Thread chat={chat} mine={mine} />
      {mine && <Composer key={conversation} conversation={conversation} />}
    </main>
  );
}

function Title({ chat }: { chat: Chat }) {
  const { conversation } = chat.item;
  const here = presence.value.get(conversation);
  return (
    <header class="title">
      <button type="button" class="button bare back" aria-label={t("nav.back")} onClick={() => choose(null)}>
        <Icon name="back" />
      </button>
      <div class="names">
        <h1>{nameOf(chat)}</h1>
        <p class="quiet">
          {chat.thread?.conversation.subject}
          {here !== undefined && ` · ${t(here ? "presence.here" : "presence.away")}`}
        </p>
      </div>
      {chat.thread && <ConversationBadge state={chat.thread.conversation.state} />}
      <button type="button" class="button bare to-context" aria-label={t("nav.context")} onClick={() => (pane.value = "context")}>
        <Icon name="person" />
      </button>
    </header>
  );
}

function Thread({ chat, mine }: { chat: Chat; mine: boolean }) {
  const { thread, context, item } = chat;
  const atEnd = useSignal(true);
  useSignalEffect(() => {
    const now = threadOf(item.conversation);
    if (!now) return;
    // "New" is what nobody had seen when this one was opened, or when the window was left.
    if (newAfter.value === null) newAfter.value = now.conversation.agent_seen;
    const seq = lastSeq(now);
    if (mine && visible.value && atEnd.value && countUnread(now) > 0) markSeen(item.conversation, seq);
  });
  if (!thread) return <div class="log skeleton" role="status" aria-label={t("loading")} />;
  const before = earlier.value.get(item.conversation);
  const entries = [...(before?.entries ?? []), ...thread.entries];
  const more = before?.more ?? thread.earlier;
  const notes = context?.notes ?? [];
  const shown = new Set(entries.map((entry) => (entry.kind === "message" ? entry.client_message_id : "")));
  const pending = unsent.value.filter(({ command, at }) => {
    if (command.conversation !== item.conversation) return false;
    if (command.type === "send_message") return !shown.has(command.client_message_id);
    return !notes.some((note) => note.author === me.value?.name && note.body === command.body && Date.parse(note.at) > at - 60_000);
  });
  return (
    <>
      <Log
        label={t("thread.log")}
        id={item.conversation}
        first={entries[0]?.seq ?? 0}
        last={`${entries.at(-1)?.seq} ${notes.length} ${pending.length}`}
        unread={countUnread(thread)}
        atEnd={(value) => (atEnd.value = value)}
      >
        {more && (
          <button type="button" class="button small earlier" onClick={() => void loadEarlier(item.conversation)}>
            {t("thread.earlier")}
          </button>
        )}
        {entries.length + notes.length + pending.length === 0 && (
          <Empty title={t("thread.empty")} hint={t("thread.empty_hint")} />
        )}
        <ThreadLines
          lines={layThread({ entries, notes, earlier: more }, newAfter.value)}
          pending={pending}
          visitorSeen={thread.conversation.visitor_seen}
        />
      </Log>
      <p class="typing" aria-live="polite">
        {typing.value.has(item.conversation) && t("thread.typing", { name: nameOf(chat) })}
        {isOffer(chat) && !typing.value.has(item.conversation) && (
          <span class="quiet">
            <kbd>{KEYS.reply}</kbd> {t("key.reply")}
          </span>
        )}
      </p>
    </>
  );
}

const marked = new Map<number, number>();

/** Once a place in the thread: the answer comes as an event, and until then it is under way. */
function markSeen(conversation: number, seq: number): void {
  if ((marked.get(conversation) ?? 0) >= seq) return;
  marked.set(conversation, seq);
  void send({ type: "mark_seen", conversation, seq });
}
