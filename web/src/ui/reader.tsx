/** A conversation to read, in a dialog: followed live for as long as it is open, and nobody's seen-mark moves. */

import { useComputed } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { layThread } from "../core/thread.ts";
import { t } from "../core/words.ts";
import { contextOf, followConversation, threadOf, topic } from "../live/live.ts";
import { ConversationBadge } from "./badge.tsx";
import { Details } from "./details.tsx";
import { Dialog } from "./dialog.tsx";
import { Empty } from "./empty.tsx";
import { Log } from "./log.tsx";
import { ThreadLines } from "./thread.tsx";

interface Props {
  readonly conversation: number;
  readonly close: () => void;
  readonly seePrevious: (conversation: number) => void;
}

export function Reader({ conversation, close, seePrevious }: Props) {
  useLayoutEffect(() => followConversation(conversation), [conversation]);
  const thread = threadOf(conversation);
  const context = contextOf(conversation);
  const previous = context?.conversation.previous ?? null;
  return (
    <Dialog title={context?.conversation.visitor.name ?? t("loading")} close={close} wide testid="reader">
      <p class="row quiet">
        {thread && <ConversationBadge state={thread.conversation.state} />} {t("thread.read_only")}
      </p>
      <div class="reader">
        <Words conversation={conversation} />
        {context && (
          <div class="context">
            <Details context={context} thread={thread} seePrevious={() => previous !== null && seePrevious(previous)} />
          </div>
        )}
      </div>
      <footer>
        <button type="button" class="button" onClick={close}>
          {t("close")}
        </button>
      </footer>
    </Dialog>
  );
}

function Words({ conversation }: { conversation: number }) {
  const lost = useComputed(() => topic(`conversation:${conversation}`).value.lost);
  const thread = threadOf(conversation);
  if (!thread) {
    if (lost.value) return <Empty title={t("failed.subscribe")} hint={`${t("refused.not_found")}.`} />;
    return <div class="log skeleton" role="status" aria-label={t("loading")} />;
  }
  const notes = contextOf(conversation)?.notes ?? [];
  const lines = layThread({ entries: thread.entries, notes, earlier: thread.earlier }, null);
  return (
    <Log
      label={t("thread.log")}
      id={conversation}
      first={thread.entries[0]?.seq ?? 0}
      last={`${thread.entries.at(-1)?.seq} ${notes.length}`}
      unread={0}
    >
      <ThreadLines lines={lines} files={contextOf(conversation)?.files ?? []} pending={[]} visitorSeen={thread.conversation.visitor_seen} />
    </Log>
  );
}
