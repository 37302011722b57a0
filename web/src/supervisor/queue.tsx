/** The open conversations, what is at risk on top: who, how long, why, in what state, whose; and what can be done. */

import { useRef } from "preact/hooks";
import { sayReason } from "../core/reasons.ts";
import { isWaiting, riskOf } from "../core/risk.ts";
import { holdOrder } from "../core/steady.ts";
import { sayLanguage } from "../core/reasons.ts";
import { t, tn } from "../core/words.ts";
import { now } from "../live/clock.ts";
import { desks } from "../live/live.ts";
import { ConversationBadge } from "../ui/badge.tsx";
import { Empty } from "../ui/empty.tsx";
import { useHold } from "../ui/hold.ts";
import { Elapsed } from "../ui/times.tsx";
import { dialog, held, loaded, order, rows } from "./state.ts";
import type { DialogOf, Row } from "./state.ts";

export function Queue() {
  const shown = useRef<readonly number[]>([]);
  const known = useRef(new Map<number, Row>());
  const byId = new Map(rows.value.map((row) => [row.id, row]));
  for (const [id, row] of byId) known.current.set(id, row);
  shown.current = holdOrder(shown.current, order.value, held.value);
  // What is forgotten is what is neither open nor still on the screen.
  for (const id of known.current.keys()) if (!shown.current.includes(id)) known.current.delete(id);
  const hold = useHold(held, dialog);
  return (
    <section class="queue" aria-labelledby="queue-title" data-testid="queue">
      <h2 id="queue-title">{t("queue.title")}</h2>
      {!loaded.value ? (
        <div class="skeleton rows" role="status" aria-label={t("loading")} />
      ) : shown.current.length === 0 ? (
        <Empty title={t("queue.empty")} hint={t("queue.empty_hint")} />
      ) : (
        <ul {...hold}>
          {shown.current.map((id) => {
            const row = byId.get(id) ?? known.current.get(id);
            return row && <QueueRow key={id} row={row} gone={!byId.has(id)} />;
          })}
        </ul>
      )}
    </section>
  );
}

function QueueRow({ row, gone }: { row: Row; gone: boolean }) {
  const risk = gone ? "none" : riskOf(row, now.value);
  return (
    <li class={`entry ${gone ? "gone" : ""}`} data-testid="queue-row" data-conversation={row.id} data-risk={risk}>
      <div class="who">
        <h3>
          {gone ? (
            row.visitor
          ) : (
            <button type="button" aria-label={t("queue.see_of", { name: row.visitor })} onClick={() => (dialog.value = { name: "read", row })}>
              {row.visitor}
            </button>
          )}
        </h3>
        <p class="quiet">
          {[row.subject, desks.value.length > 1 ? row.portalName : "", sayLanguage(row.language)].filter(Boolean).join(" · ")}
        </p>
      </div>
      <p class="time figure">
        {gone ? t("queue.gone") : <Elapsed since={isWaiting(row) ? row.joined_at : row.since} />}
        {risk !== "none" && <span class="risk">{t(`risk.${risk}`)}</span>}
      </p>
      <p class="why">
        {row.reason && sayReason(row.reason)}
        {row.returned > 0 && <span class="quiet"> {tn("context.returned", row.returned)}.</span>}
      </p>
      <p class="state">
        {!gone && <ConversationBadge state={row.state} />}
        <span class={row.owner ? "" : "quiet"}>{row.owner?.name ?? t("nobody")}</span>
      </p>
      {!gone && <Deeds row={row} />}
    </li>
  );
}

const DEEDS = [
  { name: "assign", text: "queue.assign", of: "queue.assign_of" },
  { name: "take", text: "queue.take", of: "queue.take_of" },
  { name: "return", text: "queue.return", of: "queue.return_of" },
] as const satisfies readonly { name: DialogOf["name"]; text: string; of: string }[];

function Deeds({ row }: { row: Row }) {
  if (row.state === "wrap_up") return null;
  const deeds = DEEDS.filter(({ name }) => name !== "return" || row.state !== "queued");
  return (
    <div class="deeds">
      {deeds.map(({ name, text, of }) => (
        <button
          type="button"
          class="button small"
          key={name}
          aria-label={t(of, { name: row.visitor })}
          onClick={() => (dialog.value = { name, row })}
        >
          {t(text)}
        </button>
      ))}
    </div>
  );
}
