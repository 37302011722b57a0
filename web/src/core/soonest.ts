/** The order of a board: what is due first stands first, what stands still comes last. */

import type { BoardRow } from "../../../widget/src/core/wire.ts";
import { compareInstants } from "./instants.ts";

export function bySoonest(one: BoardRow, other: BoardRow): number {
  if (one.next && other.next) return compareInstants(one.next.due, other.next.due) || one.id - other.id;
  if (one.next || other.next) return one.next ? -1 : 1;
  return one.id - other.id;
}
