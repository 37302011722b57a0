/** What staff know of a conversation: the client, why routing decided so, the ticket, notes, what was before. */

import type { ComponentChildren } from "preact";
import type { ContextSnapshot, ConversationSnapshot } from "../../../widget/src/core/wire.ts";
import { secondsSince } from "../core/instants.ts";
import { sayLanguage, sayReason } from "../core/reasons.ts";
import { span, zoneTime } from "../core/times.ts";
import { sayCode, t, tn } from "../core/words.ts";
import { now } from "../live/clock.ts";
import { desks } from "../live/live.ts";
import { SeverityBadge, TicketBadge } from "./badge.tsx";
import { Icon } from "./icon.tsx";
import { Ago, Due } from "./times.tsx";

interface Props {
  readonly context: ContextSnapshot;
  readonly thread: ConversationSnapshot | null;
  readonly seePrevious: () => void;
}

export function Details({ context, thread, seePrevious }: Props) {
  return (
    <>
      <Client context={context} thread={thread} />
      <Why context={context} />
      {thread?.conversation.ticket && <Ticket ticket={thread.conversation.ticket} />}
      <Notes context={context} />
      <Previous context={context} see={seePrevious} />
    </>
  );
}

export function Part({ title, testid, children }: { title: string; testid: string; children: ComponentChildren }) {
  return (
    <section class="part" data-testid={testid}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Client({ context: { conversation }, thread }: { context: ContextSnapshot; thread: ConversationSnapshot | null }) {
  const { visitor, page } = conversation;
  const { zone } = visitor;
  return (
    <Part title={t("context.label")} testid="context-client">
      <dl class="facts">
        <Fact name={t("context.name")}>{visitor.name}</Fact>
        <Fact name={t("context.email")}>
          <a href={`mailto:${visitor.email}`}>{visitor.email}</a>
        </Fact>
        <Fact name={t("context.rfc")}>
          {visitor.rfc ?? <span class="quiet">{t("context.rfc_none")}</span>}
          {visitor.rfc_warning && (
            <p class="warning">
              <Icon name="alert" /> {sayCode(visitor.rfc_warning) ?? t("context.rfc_warning")}
            </p>
          )}
        </Fact>
        {thread?.conversation.subject && <Fact name={t("context.subject")}>{thread.conversation.subject}</Fact>}
        {page && <Fact name={t("context.page")}>{page.replace(/^https?:\/\//, "")}</Fact>}
        <Fact name={t("context.language")}>{sayLanguage(visitor.locale)}</Fact>
        {zone && <Fact name={t("context.zone")}>{t("context.zone_now", { zone, time: zoneTime(now.value, zone) })}</Fact>}
        <Fact name={t("context.waited")}>
          <Waited context={conversation} />
        </Fact>
        {desks.value.length > 1 && (
          <Fact name={t("context.portal")}>
            {desks.value.find(({ card }) => card.id === conversation.portal)?.card.name}
          </Fact>
        )}
      </dl>
    </Part>
  );
}

const OPEN: ReadonlySet<string> = new Set(["queued", "offered", "active", "wrap_up"]);

function Waited({ context }: { context: ContextSnapshot["conversation"] }) {
  const { joined_at, first_replied_at, state } = context;
  if (first_replied_at) {
    const seconds = secondsSince(joined_at, Date.parse(first_replied_at));
    return <>{t("context.answered_after", { time: span(seconds) })}</>;
  }
  if (!OPEN.has(state)) return <>{t("context.never_answered")}</>;
  return <>{t("context.waiting", { time: span(secondsSince(joined_at, now.value)) })}</>;
}

function Why({ context: { conversation } }: { context: ContextSnapshot }) {
  return (
    <Part title={t("context.why")} testid="context-why">
      <p>{conversation.reason ? sayReason(conversation.reason) : t("context.why_none")}.</p>
      <p class="quiet">
        {t(`level.${conversation.level as 1 | 2 | 3}`)}
        {conversation.team && ` · ${conversation.team}`}
        {conversation.returned > 0 && ` · ${tn("context.returned", conversation.returned)}`}
      </p>
    </Part>
  );
}

function Ticket({ ticket }: { ticket: NonNullable<ConversationSnapshot["conversation"]["ticket"]> }) {
  return (
    <Part title={t("context.ticket")} testid="context-ticket">
      <p class="spread">
        <a class="folio" href={`/tickets/${ticket.folio}`}>
          {ticket.folio}
        </a>
        <SeverityBadge severity={ticket.severity} provisional={ticket.provisional} />
      </p>
      <p>
        <TicketBadge state={ticket.state} />
      </p>
      {ticket.resolution_due && (
        <p class="quiet">
          {t("context.resolution_due")}: <Due at={ticket.resolution_due} />
        </p>
      )}
    </Part>
  );
}

function Notes({ context: { notes } }: { context: ContextSnapshot }) {
  return (
    <Part title={t("context.notes")} testid="context-notes">
      {notes.length === 0 ? (
        <p class="quiet">{t("context.notes_empty")}</p>
      ) : (
        <ul class="notes">
          {notes.map((note) => (
            <li key={note.seq}>
              <p class="quiet">
                {note.author} · <Ago at={note.at} />
              </p>
              <p>{note.body}</p>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function Previous({ context: { conversation }, see }: { context: ContextSnapshot; see: () => void }) {
  return (
    <Part title={t("context.previous")} testid="context-previous">
      {conversation.previous === null ? (
        <p class="quiet">{t("context.previous_none")}</p>
      ) : (
        <button type="button" class="button small" onClick={see}>
          {t("context.see_previous")}
        </button>
      )}
    </Part>
  );
}
