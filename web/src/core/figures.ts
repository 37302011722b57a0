/** The five figures of the live queue, out of the desks and the roster. */

import type { AgentView, DeskCounts, DeskRow } from "../../../widget/src/core/wire.ts";
import { secondsSince } from "./instants.ts";
import { isWaiting } from "./risk.ts";

export interface Figures {
  readonly queued: number;
  /** Offered to somebody who has not answered yet. */
  readonly offered: number;
  /** Seconds; null when nobody waits. */
  readonly longest: number | null;
  readonly active: number;
  readonly wrapUp: number;
  readonly online: number;
  /** Conversations that could be taken now. */
  readonly room: number;
  readonly answered: number;
  readonly escalated: number;
}

export function countFigures(
  rows: readonly DeskRow[],
  agents: readonly AgentView[],
  counts: readonly DeskCounts[],
  now: number,
): Figures {
  const inState = (state: string): number => rows.filter((row) => row.state === state).length;
  const online = agents.filter((agent) => agent.state === "online");
  const waits = rows.filter(isWaiting).map((row) => secondsSince(row.joined_at, now));
  return {
    queued: inState("queued"),
    offered: inState("offered"),
    longest: waits.length === 0 ? null : Math.max(...waits),
    active: inState("active"),
    wrapUp: inState("wrap_up"),
    online: online.length,
    room: sum(online.map(roomOf)),
    answered: sum(counts.map((count) => count.answered)),
    escalated: sum(counts.map((count) => count.escalated)),
  };
}

/** How many more conversations somebody may take; lowering a capacity evicts nobody, so a load may exceed it. */
export function roomOf(agent: AgentView): number {
  return Math.max(0, agent.capacity - agent.load);
}

/** On shift, with room, and the most room first: who a conversation can be assigned to. */
export function assignable(agents: readonly AgentView[]): AgentView[] {
  return agents
    .filter((agent) => agent.state === "online" && roomOf(agent) > 0)
    .sort((one, other) => roomOf(other) - roomOf(one) || one.name.localeCompare(other.name));
}

/** Today's figures of several portals together; the day is that of the first. */
export function addCounts(counts: readonly DeskCounts[]): Omit<DeskCounts, "day"> {
  const total = (pick: (count: DeskCounts) => number): number => sum(counts.map(pick));
  return {
    started: total((count) => count.started),
    answered: total((count) => count.answered),
    closed: total((count) => count.closed),
    escalated: total((count) => count.escalated),
    missed: total((count) => count.missed),
    abandoned: total((count) => count.abandoned),
    short: total((count) => count.short),
    offline: total((count) => count.offline),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
