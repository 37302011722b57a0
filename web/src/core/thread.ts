/** One thread out of public entries and staff notes: who wrote, where a group starts, where a day turns, what is new. */

import type { ChangeEntry, MessageEntry, NoteEntry } from "../../../widget/src/core/wire.ts";
import { day } from "./times.ts";

export type Entry = MessageEntry | ChangeEntry;

/** A ticket's change comes with what changed it, and its card tells the rest: it is no line. */
export type SaidChange = ChangeEntry & { readonly change: Exclude<ChangeEntry["change"], "ticket"> };

export type Line =
  | { readonly kind: "day"; readonly key: string; readonly at: string }
  | { readonly kind: "new"; readonly key: string }
  | { readonly kind: "change"; readonly key: string; readonly entry: SaidChange }
  | { readonly kind: "message"; readonly key: string; readonly entry: MessageEntry; readonly first: boolean }
  | { readonly kind: "note"; readonly key: string; readonly note: NoteEntry; readonly first: boolean };

export interface Thread {
  readonly entries: readonly Entry[];
  readonly notes: readonly NoteEntry[];
  /** There are entries before the first of these. */
  readonly earlier: boolean;
}

const GROUP_MS = 5 * 60_000;

/** The lines to show, in the order every member of staff sees. `newAfter` puts a divider before the client's first message after it;
 *  days turn in `zone`, or in the reader's own. */
export function layThread(thread: Thread, newAfter: number | null, zone?: string): Line[] {
  const lines: Line[] = [];
  let before: Placed | null = null;
  let marked = newAfter === null;
  for (const placed of inOrder(thread)) {
    if (before === null || day(before.at, zone) !== day(placed.at, zone)) {
      lines.push({ kind: "day", key: `day-${placed.key}`, at: placed.at });
    }
    if (!marked && isNews(placed, newAfter ?? 0)) {
      lines.push({ kind: "new", key: "new" });
      marked = true;
      before = null;
    }
    lines.push(lineOf(placed, startsGroup(before, placed)));
    before = placed;
  }
  return lines;
}

type Said = MessageEntry | SaidChange;

interface Placed {
  readonly key: string;
  readonly at: string;
  readonly who: string;
  readonly after: number;
  readonly item: Said | NoteEntry;
}

/** Public entries by `seq`; a note stands after the public entry it was written after, notes among themselves by their own. */
function inOrder({ entries, notes, earlier }: Thread): Placed[] {
  const start = earlier ? (entries[0]?.seq ?? 1) - 1 : -1;
  const written = notes.filter((note) => note.after >= start);
  return [...entries.filter(isSaid).map(placeEntry), ...written.map(placeNote)].sort(
    (one, other) => one.after - other.after || rank(one) - rank(other) || one.item.seq - other.item.seq,
  );
}

function isSaid(entry: Entry): entry is Said {
  return entry.kind === "message" || entry.change !== "ticket";
}

function placeEntry(entry: Said): Placed {
  const who = entry.kind === "message" ? `${entry.sender.kind} ${entry.sender.name} ${entry.channel}` : "";
  return { key: `e${entry.seq}`, at: entry.at, who, after: entry.seq, item: entry };
}

function placeNote(note: NoteEntry): Placed {
  return { key: `n${note.seq}`, at: note.at, who: `note ${note.author}`, after: note.after, item: note };
}

function rank(placed: Placed): number {
  return "kind" in placed.item ? 0 : 1;
}

function lineOf({ key, item }: Placed, first: boolean): Line {
  if (!("kind" in item)) return { kind: "note", key, note: item, first };
  return item.kind === "message" ? { kind: "message", key, entry: item, first } : { kind: "change", key, entry: item };
}

function startsGroup(before: Placed | null, placed: Placed): boolean {
  return before?.who !== placed.who || Date.parse(placed.at) - Date.parse(before.at) > GROUP_MS;
}

function isNews({ item }: Placed, after: number): boolean {
  return "kind" in item && item.kind === "message" && item.sender.kind === "visitor" && item.seq > after;
}
