/** A conversation in the list: name, last words, waiting time or time, unread, state; an offer with its two answers. */

import { drafts, choose, chosen, draftsTouched } from "./state.ts";
import { answer, decline } from "./offers.ts";
import type { Chat } from "../core/inbox.ts";
import { KEYS } from "../core/shortcuts.ts";
import { countUnread, lastMessage, waitsSince } from "../core/unread.ts";
import { t, tn } from "../core/words.ts";
import { typing } from "../live/ephemeral.ts";
import { me } from "../live/live.ts";
import { ConversationBadge } from "../ui/badge.tsx";
import { Ago, Elapsed } from "../ui/times.tsx";

export function nameOf({ thread, context }: Chat): string {
  return context?.conversation.visitor.name ?? thread?.conversation.subject ?? t("list.loading");
}

export function OfferRow({ chat }: { chat: Chat }) {
  const { conversation } = chat.item;
  const transfer = chat.context?.conversation.transfer;
  return (
    <li class="offer" data-testid="offer" data-conversation={conversation}>
      <RowButton chat={chat} />
      {chat.item.kind === "transfer" && (
        <p class="quiet">
          {transfer ? t("offer.transfer_from", { name: transfer.by }) : t("list.transfer")}
          {transfer?.note && `: ${transfer.note}`}
        </p>
      )}
      <div class="answers">
        <button type="button" class="button primary small" onClick={() => answer(conversation)}>
          {t("offer.answer")} <kbd>{KEYS.offer}</kbd>
        </button>
        <button type="button" class="button small" onClick={() => void decline(conversation)}>
          {t("offer.decline")}
        </button>
      </div>
    </li>
  );
}

export function ChatRow({ chat }: { chat: Chat }) {
  return (
    <li data-testid="chat" data-conversation={chat.item.conversation}>
      <RowButton chat={chat} />
    </li>
  );
}

function RowButton({ chat }: { chat: Chat }) {
  const { conversation } = chat.item;
  const { thread } = chat;
  const unread = thread ? countUnread(thread) : 0;
  const current = chosen.value === conversation;
  return (
    <button type="button" class="row" aria-current={current ? "true" : undefined} onClick={() => choose(conversation)}>
      <span class="top">
        <span class="name">{nameOf(chat)}</span>
        <Waits chat={chat} />
      </span>
      <span class="words">
        <LastWords chat={chat} />
      </span>
      <span class="bottom">
        {thread && <ConversationBadge state={thread.conversation.state} />}
        <Alert chat={chat} />
        {unread > 0 && (
          <span class="unread">
            <span aria-hidden="true">{unread}</span>
            <span class="visually-hidden">{tn("list.unread", unread)}</span>
          </span>
        )}
      </span>
    </button>
  );
}

/** The client has waited too long for this agent: first a nudge, then the supervisor knows, too. */
function Alert({ chat: { context } }: { chat: Chat }) {
  const alert = context?.conversation.alert ?? "none";
  if (alert === "none") return null;
  return (
    <span class="badge" data-late={alert === "supervisor" || undefined} data-soon={alert === "nudge" || undefined}>
      {t(`alert.${alert}`)}
    </span>
  );
}

function Waits({ chat: { thread } }: { chat: Chat }) {
  if (!thread) return null;
  const since = waitsSince(thread);
  if (since) {
    return (
      <span class="waits">
        <span class="visually-hidden">{t("list.waiting", { time: "" })}</span>
        <Elapsed since={since} />
      </span>
    );
  }
  return <Ago at={lastMessage(thread)?.at ?? thread.conversation.opened_at} />;
}

function LastWords({ chat: { item, thread } }: { chat: Chat }) {
  draftsTouched.value; // A draft of another conversation is not a signal; this tells that one was written.
  const draft = chosen.value === item.conversation ? "" : drafts.read(item.conversation).body;
  if (draft) return <em>{t("list.draft", { body: draft })}</em>;
  if (typing.value.has(item.conversation)) return <em>{t("list.typing")}</em>;
  if (!thread) return t("list.loading");
  const last = lastMessage(thread);
  if (!last) return thread.conversation.subject || t("list.no_words");
  if (last.sender.kind === "visitor") return last.body;
  return last.sender.name === me.value?.name ? t("list.you", { body: last.body }) : `${last.sender.name}: ${last.body}`;
}
