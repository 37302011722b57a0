/** A board's rules: which levels come first, what breaches next, who it is for, and how long there is still. */

import type { BoardRow, BoardSnapshot, TicketView } from "../../../widget/src/core/wire.ts";
import { compareInstants } from "./instants.ts";
import { bySoonest } from "./soonest.ts";
import { ago, day, span } from "./times.ts";
import { t } from "./words.ts";

export type TicketState = BoardRow["state"];

/** `late`: the promise is broken. `soon`: most of its budget is used up. `still`: nothing is due. */
export type Urgency = "late" | "soon" | "calm" | "still";

/** The share of a budget, in percent, at which somebody was warned, and with it the one that reads the board. */
const WARNED = 75;

export type Only = "all" | "mine" | "nobody";

export function urgencyOf({ next, warned }: Pick<BoardRow, "next" | "warned">, now: number): Urgency {
  if (next === null) return "still";
  if (Date.parse(next.due) < now) return "late";
  return warned >= WARNED ? "soon" : "calm";
}

/** "En 2 h 5 min" on the day itself, "Venció: hace 3 min" afterwards; before that day its date says it better. */
export function countdown(due: string, now: number, zone?: string): string | null {
  const at = Date.parse(due);
  if (at < now) return t("promise.late_since", { time: ago(due, now, zone) });
  if (day(at, zone) !== day(now, zone)) return null;
  return t("promise.left", { time: span(Math.ceil((at - now) / 60_000) * 60 || 60) });
}

/** What `board:7:l2` is the board of. */
export function readBoard(topic: string): { readonly portal: number; readonly level: number } | null {
  const [, portal, level] = /^board:(\d+):l(\d)$/.exec(topic) ?? [];
  return portal && level ? { portal: Number(portal), level: Number(level) } : null;
}

/** The levels of some boards, one's own first. */
export function orderLevels(topics: readonly string[], own: number): number[] {
  const levels = new Set(topics.flatMap((topic) => readBoard(topic)?.level ?? []));
  return [...levels].sort((one, other) => Number(other === own) - Number(one === own) || one - other);
}

/** The rows of a level over all portals: what breaches next stands first, what stands still last. */
export function mergeRows(boards: readonly BoardSnapshot[]): BoardRow[] {
  return boards.flatMap(({ rows }) => rows).sort(bySoonest);
}

export function isFor(row: Pick<BoardRow, "owner">, only: Only, me: number): boolean {
  if (only === "all") return true;
  return only === "nobody" ? row.owner === null : row.owner?.id === me;
}

/** The states in which a level has a ticket, in the order of the process. */
const STATES: Readonly<Record<number, readonly TicketState[]>> = {
  1: ["new", "l1_working", "released"],
  2: ["l2_queued", "l2_working", "release_pending"],
  3: ["l3_queued", "l3_working", "l3_validating"],
};

/** Every level may be waiting for its client. */
const WAITING: TicketState = "waiting_client";

export interface Column {
  readonly state: TicketState;
  readonly rows: readonly BoardRow[];
}

/** A level's tickets by their state; a state of which there is none has its place all the same, so that nothing jumps. */
export function columnsOf(level: number, rows: readonly BoardRow[]): Column[] {
  const usual = [...(STATES[level] ?? []), WAITING];
  const others = rows.map(({ state }) => state).filter((state) => !usual.includes(state));
  return [...usual, ...new Set(others)].map((state) => ({ state, rows: rows.filter((row) => row.state === state) }));
}

const ENDED: ReadonlySet<TicketState> = new Set(["resolved", "closed", "cancelled"]);

/** The promise of a ticket that falls due first, as its board says it. */
export function nextOf(ticket: TicketView): BoardRow["next"] {
  if (ENDED.has(ticket.state)) return null;
  const running = ticket.clocks.flatMap(({ clock, due }) => {
    const stands = due === null || (clock === "first_reply" && ticket.first_replied_at !== null);
    return stands ? [] : [{ clock, due }];
  });
  return running.sort((one, other) => compareInstants(one.due, other.due))[0] ?? null;
}
