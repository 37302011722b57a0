/** The thread of the chosen conversation: earlier entries, notes in their place, own words on their way, what is new. */

import { useSignal, useSignalEffect } from "@preact/signals";
import type { NoteEntry } from "../../../widget/src/core/wire.ts";
import type { Chat } from "../core/inbox.ts";
import { isOffer } from "../core/inbox.ts";
import { KEYS } from "../core/shortcuts.ts";
import { layThread } from "../core/thread.ts";
import type { Entry } from "../core/thread.ts";
import { countUnread, lastSeq } from "../core/unread.ts";
import { t } from "../core/words.ts";
import { typing } from "../live/ephemeral.ts";
import { me, send, threadOf, topic } from "../live/live.ts";
import { unsent } from "../live/outbox.ts";
import type { Bubble } from "../live/outbox.ts";
import { Empty } from "../ui/empty.tsx";
import { Log } from "../ui/log.tsx";
import { ThreadLines } from "../ui/thread.tsx";
import { loadEarlier } from "./earlier.ts";
import { nameOf } from "./row.tsx";
import { earlier, newAfter } from "./state.ts";
import { visible } from "./visible.ts";

export function Thread({ chat, mine }: { chat: Chat; mine: boolean }) {
  const { thread, context, item } = chat;
  const { conversation } = item;
  const atEnd = useSignal(true);
  useSignalEffect(() => {
    const now = threadOf(conversation);
    if (!now) return;
    // "New" is what nobody had seen when this one was opened, or when the window was left.
    if (newAfter.value === null) newAfter.value = now.conversation.agent_seen;
    if (mine && visible.value && atEnd.value && countUnread(now) > 0) markSeen(conversation, lastSeq(now));
  });
  if (!thread) return <NotYet conversation={conversation} />;
  const before = earlier.value.get(conversation);
  const entries = [...(before?.entries ?? []), ...thread.entries];
  const more = before?.more ?? thread.earlier;
  const notes = context?.notes ?? [];
  const pending = unsent.value.filter((bubble) => isPending(bubble, conversation, entries, notes));
  return (
    <>
      <Log
        label={t("thread.log")}
        id={conversation}
        first={entries[0]?.seq ?? 0}
        last={`${entries.at(-1)?.seq} ${notes.length} ${pending.length}`}
        unread={countUnread(thread)}
        atEnd={(value) => (atEnd.value = value)}
      >
        {more && (
          <button type="button" class="button small earlier" onClick={() => void loadEarlier(conversation)}>
            {t("thread.earlier")}
          </button>
        )}
        {entries.length + notes.length + pending.length === 0 && (
          <Empty title={t("thread.empty")} hint={t("thread.empty_hint")} />
        )}
        <ThreadLines
          lines={layThread({ entries, notes, earlier: more }, newAfter.value)}
          files={context?.files ?? []}
          pending={pending}
          visitorSeen={thread.conversation.visitor_seen}
        />
      </Log>
      <BelowThread chat={chat} />
    </>
  );
}

function NotYet({ conversation }: { conversation: number }) {
  if (topic(`conversation:${conversation}`).value.lost) {
    return <Empty title={t("failed.subscribe")} hint={`${t("refused.not_found")}.`} />;
  }
  return <div class="log skeleton" role="status" aria-label={t("loading")} />;
}

/** A line that is always there, so that nothing moves when somebody begins to write. */
function BelowThread({ chat }: { chat: Chat }) {
  const writes = typing.value.has(chat.item.conversation);
  return (
    <p class="typing" aria-live="polite">
      {writes && t("thread.typing", { name: nameOf(chat) })}
      {!writes && isOffer(chat) && (
        <>
          <kbd>{KEYS.reply}</kbd> {t("key.reply")}
        </>
      )}
    </p>
  );
}

const JUST_NOW_MS = 60_000;

/** On its way, and not in the thread yet. A note has no id of the client's: it is known by its author, words and time. */
function isPending(
  { command, at }: Bubble,
  conversation: number,
  entries: readonly Entry[],
  notes: readonly NoteEntry[],
): boolean {
  if (command.conversation !== conversation) return false;
  if (command.type === "send_message") {
    return !entries.some((entry) => entry.kind === "message" && entry.client_message_id === command.client_message_id);
  }
  const isIt = (note: NoteEntry): boolean =>
    note.author === me.value?.name && note.body === command.body && Date.parse(note.at) > at - JUST_NOW_MS;
  return !notes.some(isIt);
}

const marked = new Map<number, number>();

/** Once a place in the thread: the answer comes as an event, and until then it is under way. */
function markSeen(conversation: number, seq: number): void {
  if ((marked.get(conversation) ?? 0) >= seq) return;
  marked.set(conversation, seq);
  void send({ type: "mark_seen", conversation, seq });
}
