/** The middle pane: who it is with, what can be done, the thread, and the composer at its foot. */

import type { Chat } from "../core/inbox.ts";
import { t } from "../core/words.ts";
import { presence } from "../live/ephemeral.ts";
import { contextOf, threadOf } from "../live/live.ts";
import { ConversationBadge } from "../ui/badge.tsx";
import { Empty } from "../ui/empty.tsx";
import { Icon } from "../ui/icon.tsx";
import { ActionBar } from "./actions.tsx";
import { Banner } from "./banner.tsx";
import { Composer } from "./composer.tsx";
import { nameOf } from "./row.tsx";
import { choose, chosen, chosenChat, pane } from "./state.ts";
import { Thread } from "./thread.tsx";

export function ConversationPane() {
  const conversation = chosen.value;
  if (conversation === null) {
    return (
      <section class="conversation nothing" aria-label={t("thread.pick")}>
        <Empty title={t("thread.pick")} hint={t("thread.pick_hint")} />
      </section>
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
    <section class="conversation" aria-label={t("thread.label", { name: nameOf(chat) })} data-conversation={conversation}>
      <Title chat={chat} />
      {mine && <ActionBar chat={chat} />}
      <Banner chat={chat} mine={mine} />
      <Thread key={conversation} chat={chat} mine={mine} />
      {mine && <Composer key={conversation} conversation={conversation} />}
    </section>
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
        <h2>{nameOf(chat)}</h2>
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
