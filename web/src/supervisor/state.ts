/** What the live queue knows besides the server: which portal is looked at, which order is held, which dialog is open. */

import { computed, signal } from "@preact/signals";
import type { TicketRow } from "../../../widget/src/core/wire.ts";
import { compareInstants } from "../core/instants.ts";
import { byRisk } from "../core/risk.ts";
import type { Watched } from "../core/risk.ts";
import { now } from "../live/clock.ts";
import { desks } from "../live/live.ts";

export interface Row extends Watched {
  readonly portal: number;
  readonly portalName: string;
}

export type DialogOf =
  | { readonly name: "read" | "assign" | "take" | "return"; readonly row: Row }
  | { readonly name: "read_previous"; readonly conversation: number }
  | { readonly name: "logout" };

/** Null: all portals in one list. */
export const portal = signal<number | null>(null);
export const dialog = signal<DialogOf | null>(null);
/** A pointer or the keyboard is in the list: nothing in it moves. */
export const held = signal(false);

export const shownDesks = computed(() =>
  desks.value.filter(({ card }) => portal.value === null || card.id === portal.value),
);

export const loaded = computed(() => desks.value.length > 0 && desks.value.every(({ snapshot }) => snapshot !== null));

export const rows = computed<readonly Row[]>(() =>
  shownDesks.value.flatMap(({ card, snapshot }) =>
    (snapshot?.rows ?? []).map((row) => ({ ...row, portal: card.id, portalName: card.name, limits: card })),
  ),
);

export const counts = computed(() => shownDesks.value.flatMap(({ snapshot }) => (snapshot ? [snapshot.counts] : [])));

export const tickets = computed<readonly TicketRow[]>(() =>
  shownDesks.value
    .flatMap(({ snapshot }) => snapshot?.tickets ?? [])
    .sort((one, other) => compareInstants(other.created_at, one.created_at))
    .slice(0, 10),
);

/** The ids of the rows, the most urgent first; a computed of ids only changes what is drawn when the order does. */
export const order = computed<readonly number[]>(
  (() => {
    let last: readonly number[] = [];
    return () => {
      const ids = byRisk(rows.value, now.value).map((row) => row.id);
      if (ids.length !== last.length || ids.some((id, index) => id !== last[index])) last = ids;
      return last;
    };
  })(),
);
