/** What the boards know besides the server: the level looked at, the ticket on the screen, its moves, the open dialog. */

import { batch, computed, effect, signal } from "@preact/signals";
import { keep } from "../../../widget/src/core/storage.ts";
import type { BoardRow, BoardSnapshot, OfferView, TicketSnapshot } from "../../../widget/src/core/wire.ts";
import { isFor, mergeRows, orderLevels, readBoard } from "../core/board.ts";
import type { Only } from "../core/board.ts";
import { neighbour } from "../core/inbox.ts";
import { desks, followTopics, me, send, ticketOf, topic, welcome } from "../live/live.ts";

export type View = "list" | "columns";
export type Pane = "list" | "thread" | "context";
export type DialogOf =
  | { readonly name: "move"; readonly offer: OfferView }
  | { readonly name: "moves" | "link" | "logout" };

export const chosen = signal<number | null>(null);
/** On a narrow screen only one pane is there. */
export const pane = signal<Pane>("list");
export const dialog = signal<DialogOf | null>(null);
/** Null: one's own. */
const wanted = signal<number | null>(null);
export const only = signal<Only>("all");
/** A pointer or the keyboard is in the list: nothing in it moves. */
export const held = signal(false);
/** What this person may do now with the chosen ticket; null while that is being asked. */
export const moves = signal<readonly OfferView[] | null>(null);

const shelf = keep("chatserver:staff:");
const view = signal<View>(shelf.get("board-view") === "columns" ? "columns" : "list");
/** Once a ticket is chosen, the list stands beside it. */
export const asColumns = computed(() => view.value === "columns" && chosen.value === null);

/** To the board is also the way back from a ticket. */
export function lookAs(wanted: View): void {
  shelf.set("board-view", wanted);
  view.value = wanted;
  if (wanted === "columns") choose(null);
}

const boards = computed(() => welcome.value?.boards ?? []);
export const levels = computed(() => orderLevels(boards.value, me.value?.level ?? 1));
export const level = computed(() => wanted.value ?? levels.value[0] ?? 1);

export function lookAt(one: number): void {
  wanted.value = one;
}

function snapshotsOf(one: number): (BoardSnapshot | null)[] {
  return boards.value
    .filter((name) => readBoard(name)?.level === one)
    .map((name) => {
      const { snapshot } = topic(name).value;
      return snapshot?.kind === "board" ? snapshot : null;
    });
}

export function rowsOf(one: number): BoardRow[] {
  return mergeRows(snapshotsOf(one).filter((snapshot) => snapshot !== null));
}

export const loaded = computed(() => welcome.value !== null && snapshotsOf(level.value).every((one) => one !== null));

/** What the list shows: the level's own tickets, then those of other levels that it has to keep an eye on. */
export const shown = computed(() => {
  const rows = rowsOf(level.value).filter((row) => isFor(row, only.value, me.value?.id ?? 0));
  return {
    own: rows.filter((row) => row.level === level.value),
    others: rows.filter((row) => row.level !== level.value),
  };
});

export const ticket = computed<TicketSnapshot | null>(() => (chosen.value === null ? null : ticketOf(chosen.value)));

let letGo: (() => void) | null = null;

export function choose(id: number | null): void {
  if (id === chosen.peek()) {
    if (id !== null) pane.value = "thread";
    return;
  }
  letGo?.();
  letGo = id === null ? null : followTopics([`ticket:${id}`]);
  batch(() => {
    chosen.value = id;
    moves.value = null;
    pane.value = id === null ? "list" : "thread";
  });
  const hash = id === null ? "" : `#t${id}`;
  if (location.hash !== hash) history.pushState(null, "", hash || location.pathname);
}

export function chooseNeighbour(step: 1 | -1): void {
  const ids = [...shown.value.own, ...shown.value.others].map(({ id }) => id);
  const next = neighbour(ids, chosen.value, step);
  if (next !== null) choose(next);
}

/** The address names the ticket, so that back, reload and links work. */
export function followAddress(): void {
  const read = (): void => choose(Number(/^#t(\d+)$/.exec(location.hash)?.[1] ?? 0) || null);
  addEventListener("popstate", read);
  addEventListener("hashchange", read);
  read();
}

export function followBoards(): void {
  let stop: (() => void) | null = null;
  effect(() => {
    const names = boards.value;
    stop?.();
    stop = followTopics(names);
  });
}

/** Asks again whenever the ticket, or who looks at it, is not what it was. */
export function followMoves(): void {
  let asked = 0;
  const key = computed(() => {
    const seen = ticket.value?.ticket;
    return seen ? JSON.stringify([seen.id, seen.version, seen.state, seen.owner?.id, me.value?.level]) : null;
  });
  effect(() => {
    const id = key.value === null ? null : chosen.peek();
    if (id === null) return;
    asked += 1;
    const turn = asked;
    void send({ type: "get_moves", ticket: id }).then((reply) => {
      if (turn === asked && chosen.peek() === id) moves.value = reply.type === "ticket_moved" ? reply.moves : [];
    });
  });
}

/** The zone in which a portal's desk lives, and its promises are meant. */
export function zoneOf(portal: number): string | undefined {
  return desks.value.find(({ card }) => card.id === portal)?.card.zone;
}
