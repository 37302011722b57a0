/** Today so far, and the tickets it made. */

import type { TicketRow } from "../../../widget/src/core/wire.ts";
import { addCounts } from "../core/figures.ts";
import { t } from "../core/words.ts";
import { now } from "../live/clock.ts";
import { SeverityBadge, TicketBadge } from "../ui/badge.tsx";
import { Empty } from "../ui/empty.tsx";
import { Ago } from "../ui/times.tsx";
import { counts, tickets } from "./state.ts";

const SHOWN = ["started", "answered", "closed", "escalated", "missed", "abandoned", "short", "offline"] as const;

export function Today() {
  const total = addCounts(counts.value);
  return (
    <section class="today" aria-labelledby="today-title" data-testid="today">
      <h2 id="today-title">{t("today.title")}</h2>
      <dl>
        {SHOWN.map((name) => (
          <div key={name} data-testid={`today-${name}`}>
            <dt>{t(`today.${name}`)}</dt>
            <dd class="figure">{total[name]}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Tickets() {
  return (
    <section class="newest" aria-labelledby="newest-title" data-testid="tickets">
      <h2 id="newest-title">{t("tickets.title")}</h2>
      {tickets.value.length === 0 ? (
        <Empty title={t("tickets.empty")} hint={t("tickets.empty_hint")} />
      ) : (
        <ul>
          {tickets.value.map((ticket) => (
            <Ticket key={ticket.id} ticket={ticket} />
          ))}
        </ul>
      )}
      <a href="/tickets">{t("list.all_tickets")}</a>
    </section>
  );
}

function Ticket({ ticket }: { ticket: TicketRow }) {
  const late = ticket.first_replied_at === null && Date.parse(ticket.first_reply_due) < now.value;
  return (
    <li data-testid="ticket">
      <p class="spread">
        <a class="folio" href={`/tickets/${ticket.folio}`}>
          {ticket.folio}
        </a>
        <Ago at={ticket.created_at} />
      </p>
      <p class="summary">
        {ticket.visitor}: {ticket.summary}
      </p>
      <p class="badges">
        <SeverityBadge severity={ticket.severity} provisional={ticket.provisional} />
        <TicketBadge state={ticket.state} />
        {late && (
          <span class="badge" data-late>
            {t("tickets.late")}
          </span>
        )}
      </p>
    </li>
  );
}
