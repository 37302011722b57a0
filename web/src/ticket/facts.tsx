/** The right pane: the clocks, the client, what is known inside, other tickets, and the history. */

import type { ClockView, LinkView, TicketView } from "../../../widget/src/core/wire.ts";
import { sayCode, t } from "../core/words.ts";
import { contextOf } from "../live/live.ts";
import { carryOut } from "../live/notices.ts";
import { SeverityBadge } from "../ui/badge.tsx";
import { Fact, Part } from "../ui/details.tsx";
import { FileLink } from "../ui/file.tsx";
import { Icon } from "../ui/icon.tsx";
import { Due, Zone } from "../ui/times.tsx";
import { dialog, pane, ticket, zoneOf } from "../board/state.ts";
import { labelOf } from "./fields.tsx";
import { History } from "./history.tsx";

export function FactsPane() {
  const snapshot = ticket.value;
  return (
    <section class="context" aria-label={t("ticket.facts")} tabIndex={0}>
      <header class="title narrow-only">
        <button type="button" class="button bare back" aria-label={t("nav.thread")} onClick={() => (pane.value = "thread")}>
          <Icon name="back" />
        </button>
        <h2>{snapshot?.ticket.folio ?? t("ticket.facts")}</h2>
      </header>
      {snapshot && (
        <Zone.Provider value={zoneOf(snapshot.ticket.portal)}>
          <Clocks ticket={snapshot.ticket} />
          <Client ticket={snapshot.ticket} />
          <Inside ticket={snapshot.ticket} />
          <Files ticket={snapshot.ticket} />
          <Links ticket={snapshot.ticket} />
          <History steps={snapshot.history} ticket={snapshot.ticket} />
        </Zone.Provider>
      )}
    </section>
  );
}

function Clocks({ ticket: seen }: { ticket: TicketView }) {
  return (
    <Part title={t("ticket.clocks")} testid="clocks">
      <dl class="facts">
        {seen.clocks.map((clock) => (
          <Fact key={clock.clock} name={t(`clock.${clock.clock}`)}>
            <Verdict clock={clock} />
          </Fact>
        ))}
      </dl>
      {seen.breaches.length > 0 && (
        <p class="quiet">
          {t("ticket.breaches")}{" "}
          {seen.breaches.map(({ clock, due }, index) => (
            <span key={`${clock}${due}`}>
              {index > 0 && ", "}
              {t(`clock.${clock}`)} <Due at={due} />
            </span>
          ))}
        </p>
      )}
    </Part>
  );
}

function Verdict({ clock: { due, standing } }: { clock: ClockView }) {
  return (
    <>
      {due !== null && (
        <>
          <Due at={due} />{" "}
        </>
      )}
      {standing === "breached" ? (
        <span class="badge" data-late>
          {t("standing.breached")}
        </span>
      ) : (
        <span class="quiet">{t(`standing.${standing}`)}</span>
      )}
    </>
  );
}

function Client({ ticket: { client, folio } }: { ticket: TicketView }) {
  return (
    <Part title={t("context.label")} testid="ticket-client">
      <dl class="facts">
        <Fact name={t("context.name")}>{client.name}</Fact>
        {client.email && (
          <Fact name={t("context.email")}>
            <a href={`mailto:${client.email}`}>{client.email}</a>
          </Fact>
        )}
        {client.phone && (
          <Fact name={t("ticket.phone")}>
            <a href={`tel:${client.phone}`}>{client.phone}</a>
          </Fact>
        )}
        <Fact name={t("context.rfc")}>
          {client.rfc ?? <span class="quiet">{t("context.rfc_none")}</span>}
          {client.rfc_warning && (
            <p class="warning">
              <Icon name="alert" /> {sayCode(client.rfc_warning) ?? t("context.rfc_warning")}
            </p>
          )}
        </Fact>
      </dl>
      <a href={`/tickets/${folio}`}>{t("ticket.page")}</a>
    </Part>
  );
}

const WRITTEN = ["category", "sizing", "diagnosis", "test_evidence", "solution", "evidence", "release_version"] as const;

function Inside({ ticket: seen }: { ticket: TicketView }) {
  const tag = (): void => {
    void carryOut({ type: "tag_ticket", ticket: seen.id, external_cause: !seen.external_cause });
  };
  return (
    <Part title={t("ticket.inside")} testid="inside">
      <dl class="facts">
        <Fact name={t("ticket.level")}>{t(`level.${seen.level as 1 | 2 | 3}`)}</Fact>
        {WRITTEN.map((name) => {
          const text = seen[name];
          return text ? (
            <Fact key={name} name={labelOf(name)}>
              {text === "none" ? t(name === "evidence" ? "none_f" : "none") : text}
            </Fact>
          ) : null;
        })}
        <Release ticket={seen} />
        {seen.proposed && (
          <Fact name={t("ticket.proposed")}>
            <SeverityBadge severity={seen.proposed} provisional={false} />
          </Fact>
        )}
        <Fact name={t("ticket.origin")}>{sayCode(`origin.${seen.origin}`)}</Fact>
        {seen.reopened > 0 && <Fact name={t("ticket.reopened")}>{seen.reopened}</Fact>}
      </dl>
      <label class="check">
        <input type="checkbox" checked={seen.external_cause} onChange={tag} /> {t("ticket.external")}
      </label>
    </Part>
  );
}

const MOMENTS = ["released_at", "planned_date"] as const;

/** When it goes, or went, to production; or why it ended without. */
function Release({ ticket: seen }: { ticket: TicketView }) {
  return (
    <>
        {seen.release_from && seen.release_until && (
          <Fact name={t("ticket.window")}>
            <Due at={seen.release_from} /> – <Due at={seen.release_until} />
          </Fact>
        )}
        {seen.no_deployment && <Fact name={labelOf("release_version")}>{t("ticket.no_deployment")}</Fact>}
        {MOMENTS.map((name) => {
          const at = seen[name];
          return at ? (
            <Fact key={name} name={labelOf(name)}>
              <Due at={at} />
            </Fact>
          ) : null;
        })}
        {seen.cancel_cause && <Fact name={labelOf("cause")}>{t(`cancel_cause.${seen.cancel_cause}`)}</Fact>}
    </>
  );
}

/** All of them in one place, and which ones count as evidence. */
function Files({ ticket: { conversation, evidence_files } }: { ticket: TicketView }) {
  const files = contextOf(conversation)?.files ?? [];
  if (files.length === 0) return null;
  return (
    <Part title={t("ticket.files")} testid="files">
      <ul class="files">
        {files.map((file) => (
          <li key={file.id}>
            <FileLink file={file} />
            {evidence_files.includes(file.id) && <span class="badge plain">{labelOf("evidence")}</span>}
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Links({ ticket: seen }: { ticket: TicketView }) {
  return (
    <Part title={t("link.others")} testid="links">
      {seen.links.map((link) => (
        <p key={`${link.kind}${link.ticket}${link.back}`}>
          {sayLink(link)}{" "}
          <a class="folio" href={`#t${link.ticket}`}>
            {link.folio}
          </a>
        </p>
      ))}
      <button type="button" class="button small" onClick={() => (dialog.value = { name: "link" })}>
        {t("link.add")}
      </button>
    </Part>
  );
}

function sayLink({ kind, back }: LinkView): string {
  return t(back ? `link.${kind}_back` : `link.${kind}`);
}
