/** A thread as rows: days, messages in groups, quiet lines, and the card of the ticket. Pure. */

import type { Entry } from "../core/apply.ts";
import type { ChangeEntry, ConversationPublic, TicketPublic } from "../core/wire.ts";
import { textOf } from "../locale.ts";

/** What the client wrote and has not come back as an event yet. */
export interface Unconfirmed {
  readonly id: string;
  readonly body: string;
  readonly at: string;
  readonly stored: boolean;
}

export interface MessageRow {
  readonly kind: "message";
  readonly key: number | string;
  /** Empty for one's own. */
  readonly name: string;
  readonly body: string;
  readonly at: string;
  /** The first of a group tells who and when. */
  readonly first: boolean;
  /** Null when another wrote it. */
  readonly own: "sending" | "stored" | "seen" | null;
}

export type Row =
  | { readonly kind: "day"; readonly at: string }
  | { readonly kind: "line"; readonly entry: ChangeEntry; readonly text: string }
  | { readonly kind: "ticket"; readonly ticket: TicketPublic }
  | MessageRow;

/** After the last of these lines stands the ticket's card. */
const OF_TICKET: readonly string[] = ["escalated", "missed", "left_message", "abandoned", "ticket"];
const GROUP_WITHIN = 5 * 60_000;

export function threadRows(
  { agent_seen, ticket }: ConversationPublic,
  entries: readonly Entry[],
  unconfirmed: readonly Unconfirmed[],
): Row[] {
  const rows: Row[] = [];
  const card: Row[] = ticket ? [{ kind: "ticket", ticket }] : [];
  const ofTicket = entries.findLast((entry) => entry.kind === "change" && OF_TICKET.includes(entry.change));
  let last = "";
  const dated = (at: string, row: Row): void => {
    const day = new Date(at).toDateString();
    if (day !== last) rows.push({ kind: "day", at });
    last = day;
    rows.push(row);
  };
  const message = (key: number | string, at: string, body: string, own: MessageRow["own"], name = ""): void =>
    dated(at, { kind: "message", key, at, body, own, name, first: !goesOn(rows.at(-1), at, name) });

  for (const entry of entries) {
    const { at, seq } = entry;
    if (entry.kind === "change") {
      // What is no news to a client has no words: more time given, a ticket's clock that an answer set.
      const text = textOf(`change.${entry.change}`);
      if (text) dated(at, { kind: "line", entry, text });
    } else if (entry.sender.kind !== "visitor") message(seq, at, entry.body, null, entry.sender.name);
    else message(entry.client_message_id, at, entry.body, seq > agent_seen ? "stored" : "seen");
    if (entry === ofTicket) rows.push(...card);
  }
  if (!ofTicket) rows.push(...card);
  // One's own keeps its key from the first moment, so that its place stays the same when the server confirms it.
  for (const { id, body, at, stored } of unconfirmed) message(id, at, body, stored ? "stored" : "sending");
  return rows;
}

function goesOn(last: Row | undefined, at: string, name: string): boolean {
  return last?.kind === "message" && last.name === name && Date.parse(at) - Date.parse(last.at) < GROUP_WITHIN;
}
