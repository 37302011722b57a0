/** The left pane: what is offered, what is mine, how many wait, and the newest tickets. */

import type { TicketRow } from "../../../widget/src/core/wire.ts";
import { isOffer } from "../core/inbox.ts";
import { compareInstants } from "../core/instants.ts";
import { t, tn } from "../core/words.ts";
import { chats } from "./state.ts";
import { desks, inbox, me } from "../live/live.ts";
import { SeverityBadge, TicketBadge } from "../ui/badge.tsx";
import { Empty } from "../ui/empty.tsx";
import { ChatRow, OfferRow } from "./row.tsx";

const TICKETS = 8;

export function List() {
  return (
    <section class="list" aria-label={t("list.mine")}>
      <QueueCount />
      <Offers />
      <Mine />
      <Tickets />
    </section>
  );
}

function QueueCount() {
  const waiting = desks.value.flatMap(({ snapshot }) => snapshot?.rows ?? []).filter((row) => row.state === "queued");
  return (
    <p class="queue-count" data-testid="queue-count" data-count={waiting.length}>
      {waiting.length === 0 ? t("list.queue_none") : tn("list.queue", waiting.length)}
    </p>
  );
}

function Offers() {
  const offered = chats.value.filter(isOffer);
  if (offered.length === 0) return null;
  return (
    <section aria-labelledby="offers" class="offers" data-testid="offers">
      <h2 id="offers">{t("list.offers")}</h2>
      <ul>
        {offered.map((chat) => (
          <OfferRow key={chat.item.conversation} chat={chat} />
        ))}
      </ul>
    </section>
  );
}

function Mine() {
  const mine = chats.value.filter((chat) => !isOffer(chat));
  return (
    <section aria-labelledby="mine" data-testid="mine">
      <h2 id="mine">{t("list.active")}</h2>
      {inbox.value === null ? (
        <div class="skeleton rows" role="status" aria-label={t("loading")} />
      ) : mine.length === 0 ? (
        <Empty title={t("list.empty")} hint={t(EMPTY_HINT[me.value?.state ?? "offline"])} />
      ) : (
        <ul>
          {mine.map((chat) => (
            <ChatRow key={chat.item.conversation} chat={chat} />
          ))}
        </ul>
      )}
    </section>
  );
}

const EMPTY_HINT = { online: "list.empty_online", away: "list.empty_away", offline: "list.empty_offline" } as const;

function Tickets() {
  const tickets = desks.value
    .flatMap(({ snapshot }) => snapshot?.tickets ?? [])
    .sort((one, other) => compareInstants(other.created_at, one.created_at))
    .slice(0, TICKETS);
  return (
    <section aria-labelledby="tickets" class="tickets" data-testid="tickets">
      <h2 id="tickets">{t("list.tickets")}</h2>
      {tickets.length === 0 ? (
        <Empty title={t("list.tickets_empty")} hint={t("list.tickets_hint")} />
      ) : (
        <ul>
          {tickets.map((ticket) => (
            <TicketLine key={ticket.id} ticket={ticket} />
          ))}
        </ul>
      )}
      <a class="all" href="/tickets">
        {t("list.all_tickets")}
      </a>
    </section>
  );
}

function TicketLine({ ticket }: { ticket: TicketRow }) {
  return (
    <li>
      <a class="row" href={`/tickets/${ticket.folio}`}>
        <span class="top">
          <span class="folio">{ticket.folio}</span>
          <SeverityBadge severity={ticket.severity} provisional={false} />
        </span>
        <span class="words">
          {ticket.visitor}: {ticket.summary}
        </span>
        <TicketBadge state={ticket.state} />
      </a>
    </li>
  );
}
