/** The middle pane: what the ticket is, what can be done with it, what was said, and where one writes. */

import { useLayoutEffect } from "preact/hooks";
import type { TicketView } from "../../../widget/src/core/wire.ts";
import { nextOf } from "../core/board.ts";
import { sortMoves } from "../core/move-form.ts";
import { KEYS } from "../core/shortcuts.ts";
import { sayCode, t } from "../core/words.ts";
import { followConversation, topic } from "../live/live.ts";
import { SeverityBadge, TicketBadge } from "../ui/badge.tsx";
import { Empty } from "../ui/empty.tsx";
import { Icon } from "../ui/icon.tsx";
import { Zone } from "../ui/times.tsx";
import { choose, chosen, dialog, moves, pane, ticket, zoneOf } from "../board/state.ts";
import { claim, mayClaim } from "./claim.ts";
import { TicketComposer } from "./composer.tsx";
import { NextDue } from "./promise.tsx";
import { TicketThread } from "./thread.tsx";

export function TicketPane() {
  const id = chosen.value;
  const seen = ticket.value?.ticket;
  if (id === null) {
    return (
      <section class="conversation nothing" aria-label={t("board.pick")}>
        <Empty title={t("board.pick")} hint={t("board.pick_hint")} />
      </section>
    );
  }
  if (!seen) return <NotYet id={id} />;
  return (
    <section class="conversation" aria-label={seen.folio} data-testid="ticket" data-ticket={seen.id} data-state={seen.state}>
      <Zone.Provider value={zoneOf(seen.portal)}>
        <Title ticket={seen} />
        <Moves />
        <Words key={seen.id} ticket={seen} />
      </Zone.Provider>
    </section>
  );
}

function NotYet({ id }: { id: number }) {
  const lost = topic(`ticket:${id}`).value.lost;
  return (
    <section class="conversation" aria-label={t("app.board")}>
      <header class="title">
        <Back />
      </header>
      {lost ? (
        <Empty title={t("failed.open_ticket")} hint={`${t("refused.not_found")}.`} />
      ) : (
        <div class="log skeleton" role="status" aria-label={t("loading")} />
      )}
    </section>
  );
}

function Back() {
  return (
    <button type="button" class="button bare back" aria-label={t("nav.back")} onClick={() => choose(null)}>
      <Icon name="back" />
    </button>
  );
}

function Title({ ticket: seen }: { ticket: TicketView }) {
  return (
    <header class="title case">
      <Back />
      <div class="names">
        <h2 title={seen.summary}>{seen.summary}</h2>
        <p class="standing">
          <span class="folio">{seen.folio}</span>
          <TicketBadge state={seen.state} />
          <SeverityBadge severity={seen.severity} provisional={seen.provisional} />
          <span class={seen.owner ? "" : "quiet"} data-testid="owner">
            {seen.owner?.name ?? t("nobody")}
          </span>
          <NextDue next={nextOf(seen)} warned={seen.warned} />
        </p>
      </div>
      <button type="button" class="button bare to-context" aria-label={t("ticket.to_facts")} onClick={() => (pane.value = "context")}>
        <Icon name="note" />
      </button>
    </header>
  );
}

/** The way forward as buttons; the rest, which is rarer, behind one. On a phone there is room for the first only, and
 *  behind "more" is everything. */
function Moves() {
  const offers = moves.value;
  if (offers === null) return <div class="actions moves-bar" aria-hidden="true" />;
  const { forward, beside } = sortMoves(offers);
  if (offers.length === 0) return <p class="actions moves-bar quiet">{t("move.none")}</p>;
  return (
    <div class="actions moves-bar" role="toolbar" aria-label={t("action.label")} data-testid="moves">
      {mayClaim.value && (
        <button
          type="button"
          class="button small primary"
          aria-keyshortcuts={`Alt+${KEYS.offer}`}
          onClick={() => void claim()}
        >
          {t("action.claim")} <kbd aria-hidden="true">{KEYS.offer}</kbd>
        </button>
      )}
      {forward.map((offer) => (
        <button type="button" class="button small" key={offer.move} onClick={() => (dialog.value = { name: "move", offer })}>
          {sayCode(`process.move.${offer.move}`)}
        </button>
      ))}
      {offers.length > 1 && (
        <button
          type="button"
          class={`button small bare more ${beside.length === 0 ? "for-narrow" : ""}`}
          aria-keyshortcuts={`Alt+${KEYS.extend}`}
          onClick={() => (dialog.value = { name: "moves" })}
        >
          {t("move.more")} <kbd aria-hidden="true">{KEYS.extend}</kbd>
        </button>
      )}
    </div>
  );
}

function Words({ ticket: { id, folio, conversation } }: { ticket: TicketView }) {
  useLayoutEffect(() => followConversation(conversation), [conversation]);
  return (
    <>
      <TicketThread conversation={conversation} />
      <TicketComposer ticket={id} folio={folio} />
    </>
  );
}
