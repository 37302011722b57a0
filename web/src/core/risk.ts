/** What is about to go wrong in the queue, and so stands on top of it. */

import type { DeskRow } from "../../../widget/src/core/wire.ts";
import { compareInstants, secondsSince } from "./instants.ts";

/** `late`: somebody must act now. `soon`: it will be late shortly. Both have a word and a shape of their own on the screen. */
export type Risk = "late" | "soon" | "none";

/** The process offers a waiting client the message form at 3 minutes; from 2 a supervisor can still do better than that. */
const LATE_WAIT = 180;
const SOON_WAIT = 120;
const RANK: Record<Risk, number> = { late: 0, soon: 1, none: 2 };

export function isWaiting(row: DeskRow): boolean {
  return row.state === "queued" || row.state === "offered";
}

/** Seconds the client has waited, or since the row came to its state once somebody answers. */
export function ageOf(row: DeskRow, now: number): number {
  return secondsSince(isWaiting(row) ? row.joined_at : row.since, now);
}

export function riskOf(row: DeskRow, now: number): Risk {
  const wait = row.state === "queued" ? secondsSince(row.joined_at, now) : 0;
  if (row.alert === "supervisor" || wait >= LATE_WAIT) return "late";
  if (row.alert === "nudge" || wait >= SOON_WAIT) return "soon";
  return "none";
}

/** At risk first, then who waits before who is being answered, then the oldest. */
export function byRisk<Row extends DeskRow>(rows: readonly Row[], now: number): Row[] {
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
