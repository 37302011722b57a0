/** A ticket on a board: what it is about, in whose hands, and what is due next. */

import type { BoardRow } from "../../../widget/src/core/wire.ts";
import { urgencyOf } from "../core/board.ts";
import { t } from "../core/words.ts";
import { now } from "../live/clock.ts";
import { SeverityBadge, TicketBadge } from "../ui/badge.tsx";
import { NextDue } from "../ticket/promise.tsx";
import { Zone } from "../ui/times.tsx";
import { choose, chosen, zoneOf } from "./state.ts";

export function TicketRow({ row, gone }: { row: BoardRow; gone: boolean }) {
  const current = chosen.value === row.id;
  const urgency = gone ? "still" : urgencyOf(row, now.value);
  return (
    <li data-testid="board-row" data-ticket={row.id} data-urgency={urgency} class={gone ? "gone" : ""}>
      <button type="button" class="row" aria-current={current ? "true" : undefined} onClick={() => choose(row.id)}>
        <span class="top">
          <span class="folio">{row.folio}</span>
          <SeverityBadge severity={row.severity} provisional={row.provisional} />
        </span>
        <span class="words">
          <b>{row.visitor}</b> {row.summary}
        </span>
        <span class="bottom">
          <TicketBadge state={row.state} />
          <span class={row.owner ? "owner" : "owner quiet"}>{row.owner?.name ?? t("nobody")}</span>
        </span>
        <span class="next">
          {gone ? (
            <span class="quiet">{t("board.gone")}</span>
          ) : (
            <Zone.Provider value={zoneOf(row.portal)}>
              <NextDue next={row.next} warned={row.warned} />
            </Zone.Provider>
          )}
          {row.external_cause && <span class="quiet"> · {t("board.external")}</span>}
          {row.proposed && <span class="quiet"> · {t("board.proposed", { severity: row.proposed })}</span>}
        </span>
      </button>
    </li>
  );
}
