/** One node a row of the thread. */

import type { ChangeEntry, TicketPublic } from "../core/wire.ts";
import { t, translated } from "../locale.ts";
import { fill, h, icon, iconButton, link } from "./dom.ts";
import { splitLinks } from "./links.ts";
import type { MessageRow, Row } from "./rows.ts";
import { clock, day, exact, when } from "./times.ts";

/** `zone` is the office's: what it promises, it promises by its own clock. */
export function rowView(row: Row, zone: string): Element {
  switch (row.kind) {
    case "day":
      return h("div.line", {}, h("b", {}, day(row.at)));
    case "line":
      return h("div.line", { title: exact(row.entry.at) }, changeText(row.entry));
    case "ticket":
      return ticketView(row.ticket, zone);
    case "message":
      return messageView(row);
  }
}

const changeText = ({ change, name }: ChangeEntry): string =>
  (!name && translated(`change.${change}.nobody`)) || translated(`change.${change}`, { name: name ?? "" }) || "";

const time = (dateTime: string, text: string): HTMLElement => h("time", { dateTime, title: exact(dateTime) }, text);

function messageView({ own, name, at, body, first }: MessageRow): Element {
  return h(
    own ? "div.msg own" : "div.msg",
    {},
    first && h("p.meta", {}, own ? h("span.sr", {}, t("own")) : `${name} · `, time(at, clock(at))),
    h("p.text", {}, ...splitLinks(body).map((piece, index) => (index % 2 ? link(piece, piece) : piece))),
    own && h("span.mark", { title: t(`state.${own}`) }, icon(own), h("span.sr", {}, t(`state.${own}`))),
  );
}

function ticketView(ticket: TicketPublic, zone: string): Element {
  const { folio, state, severity } = ticket;
  const fact = (name: string, value: Node | string | null) =>
    value && h("div", {}, h("dt", {}, name), h("dd", {}, value));
  const over = ["resolved", "closed", "cancelled"].includes(state);
  const due = (at: string | null) => (over ? null : at && time(at, t("ticket.by", { when: when(at, zone) })));
  return h(
    "div.ticket",
    {},
    h("div.top", {}, t("ticket"), " ", h("b", {}, folio), copyButton(folio)),
    h(
      "dl",
      {},
      fact(t("ticket.severity"), t(`severity.${severity}`) + (ticket.provisional ? t("ticket.provisional") : "")),
      fact(t("ticket.state"), translated(`progress.${state}`) ?? t("progress.working")),
      ticket.first_replied_at
        ? fact(t("ticket.update"), due(ticket.update_due))
        : fact(t("ticket.first"), due(ticket.first_reply_due)),
      fact(t("ticket.resolution"), due(ticket.resolution_due)),
    ),
    h("p", {}, t("ticket.note")),
  );
}

function copyButton(folio: string): HTMLElement {
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(folio);
    fill(node, icon("stored"));
    node.ariaLabel = node.title = t("ticket.copied");
  };
  const node = iconButton("icon", "copy", t("ticket.copy"), () => void copy());
  return node;
}
