/** One node a row of the thread. */

import type { TicketPublic } from "../core/wire.ts";
import { h, icon } from "../kit.ts";
import { filled, textOf, texts } from "../locale.ts";
import { splitLinks } from "./links.ts";
import { iconButton, link } from "./parts.ts";
import type { MessageRow, Row } from "./rows.ts";
import { clock, day, exact, when } from "./times.ts";

const COPY = "M9 9h11v11H9zM5 15H4V4h11v1";
const MARKS = {
  sending: "M12 7v5l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  stored: "m5 12 5 5 9-10",
  seen: "m2 12 5 5 8-10m-3 9 1 1 9-10",
};

/** `zone` is the office's: what it promises, it promises by its own clock. */
export function rowView(row: Row, zone: string): Element {
  if (row.kind === "message") return messageView(row);
  if (row.kind === "ticket") return ticketView(row.ticket, zone);
  if (row.kind === "day") return h("p.line", h("b", day(row.at)));
  const { at, name } = row.entry;
  return h("p.line", { title: exact(at) }, filled(row.text, { name: name ?? "" }));
}

const time = (dateTime: string, text: string): HTMLElement => h("time", { dateTime, title: exact(dateTime) }, text);

function messageView({ own, name, at, body, first }: MessageRow): Element {
  const state = own && texts[`state.${own}`];
  return h(
    own ? "div.msg own" : "div.msg",
    first && h("p.meta", own ? h("span.sr", texts.own) : `${name} · `, time(at, clock(at))),
    h("p.text", ...splitLinks(body).map((piece, index) => (index % 2 ? link(piece, piece) : piece))),
    own && h("span.mark", { title: state! }, icon(MARKS[own]), h("span.sr", state)),
  );
}

function ticketView(ticket: TicketPublic, zone: string): Element {
  const { folio, state, severity, provisional, first_replied_at, first_reply_due, update_due, resolution_due } = ticket;
  const over = /resolved|closed|cancelled/.test(state);
  const fact = (name: string, value: Node | string | null) =>
    value && h("div", h("dt", name), h("dd", value));
  const due = (name: string, at: string | null) =>
    fact(name, over ? null : at && time(at, filled(texts["ticket.by"], { when: when(at, zone) })));
  const name = h("b", folio);
  return h(
    "div.ticket",
    h("div.top", `${texts.ticket} `, name, copyButton(name)),
    h(
      "dl",
      fact(texts["ticket.severity"], texts[`severity.${severity}`] + (provisional ? texts["ticket.provisional"] : "")),
      fact(texts["ticket.state"], textOf(`progress.${state}`) ?? texts["progress.working"]),
      first_replied_at ? due(texts["ticket.update"], update_due) : due(texts["ticket.first"], first_reply_due),
      due(texts["ticket.resolution"], resolution_due),
    ),
    h("p", texts["ticket.note"]),
  );
}

/** Where copying is not allowed, what to copy is marked. */
function copyButton(folio: HTMLElement): HTMLElement {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(folio.textContent);
    } catch {
      getSelection()!.selectAllChildren(folio);
      return;
    }
    node.replaceChildren(icon(MARKS.stored));
    node.ariaLabel = node.title = texts["ticket.copied"];
  };
  const node = iconButton("icon", COPY, texts["ticket.copy"], () => void copy());
  return node;
}
