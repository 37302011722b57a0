/** The whole conversation of a ticket, from the first word on, with the notes of staff in their place. */

import { useSignal } from "@preact/signals";
import { useContext } from "preact/hooks";
import { layThread } from "../core/thread.ts";
import type { Entry } from "../core/thread.ts";
import { sayRefusal } from "../core/reasons.ts";
import { t } from "../core/words.ts";
import { contextOf, send, threadOf } from "../live/live.ts";
import { failure, show } from "../live/notices.ts";
import { Empty } from "../ui/empty.tsx";
import { Log } from "../ui/log.tsx";
import { ThreadLines } from "../ui/thread.tsx";
import { Zone } from "../ui/times.tsx";

export function TicketThread({ conversation }: { conversation: number }) {
  const before = useSignal<{ readonly entries: readonly Entry[]; readonly more: boolean } | null>(null);
  const zone = useContext(Zone);
  const thread = threadOf(conversation);
  if (!thread) return <div class="log skeleton" role="status" aria-label={t("loading")} />;
  const entries = [...(before.value?.entries ?? []), ...thread.entries];
  const more = before.value?.more ?? thread.earlier;
  const context = contextOf(conversation);
  const notes = context?.notes ?? [];
  const load = async (): Promise<void> => {
    const reply = await send({ type: "get_earlier", conversation, before: entries[0]?.seq ?? 1 });
    if (reply.type === "earlier") {
      before.value = { entries: [...reply.entries, ...(before.value?.entries ?? [])], more: reply.earlier };
    } else if (reply.type === "refused") {
      show({ tone: "danger", title: failure("get_earlier"), text: `${sayRefusal(reply.code)}.` });
    }
  };
  return (
    <Log
      label={t("thread.log")}
      id={conversation}
      first={entries[0]?.seq ?? 0}
      last={`${entries.at(-1)?.seq} ${notes.length}`}
      unread={0}
    >
      {more && (
        <button type="button" class="button small earlier" onClick={() => void load()}>
          {t("thread.earlier")}
        </button>
      )}
      {entries.length + notes.length === 0 && <Empty title={t("thread.empty")} hint={t("ticket.thread_empty")} />}
      <ThreadLines
        lines={layThread({ entries, notes, earlier: more }, null, zone)}
        files={context?.files ?? []}
        pending={[]}
        visitorSeen={thread.conversation.visitor_seen}
      />
    </Log>
  );
}
