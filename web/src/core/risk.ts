/** What is about to go wrong in the queue, and so stands on top of it. */

import type { DeskCard, DeskRow } from "../../../widget/src/core/wire.ts";
import { compareInstants, secondsSince } from "./instants.ts";

/** `late`: somebody must act now. `soon`: it will be late shortly. Both have a word and a shape of their own on the screen. */
export type Risk = "late" | "soon" | "none";

/** Seconds in the queue from which a wait is late, or will be soon: the server's settings, as a desk's card says them. */
export type Limits = Pick<DeskCard, "soon_wait" | "late_wait">;

/** A row with the limits of its desk. */
export interface Watched extends DeskRow {
  readonly limits: Limits;
}

const RANK: Record<Risk, number> = { late: 0, soon: 1, none: 2 };

export function isWaiting(row: DeskRow): boolean {
  return row.state === "queued" || row.state === "offered";
}

/** Seconds the client has waited, or since the row came to its state once somebody answers. */
export function ageOf(row: DeskRow, now: number): number {
  return secondsSince(isWaiting(row) ? row.joined_at : row.since, now);
}

export function riskOfWait(seconds: number, limits: Limits): Risk {
  if (seconds >= limits.late_wait) return "late";
  return seconds >= limits.soon_wait ? "soon" : "none";
}

export function riskOf(row: Watched, now: number): Risk {
  const wait = riskOfWait(row.state === "queued" ? secondsSince(row.joined_at, now) : 0, row.limits);
  if (row.alert === "supervisor" || wait === "late") return "late";
  return row.alert === "nudge" ? "soon" : wait;
}

/** At risk first, then who waits before who is being answered, then the oldest. */
export function byRisk<Row extends Watched>(rows: readonly Row[], now: number): Row[] {
  return [...rows].sort(
    (one, other) =>
      RANK[riskOf(one, now)] - RANK[riskOf(other, now)] ||
      Number(isWaiting(other)) - Number(isWaiting(one)) ||
      compareInstants(start(one), start(other)) ||
      one.id - other.id,
  );
}

function start(row: DeskRow): string {
  return isWaiting(row) ? row.joined_at : row.since;
}
