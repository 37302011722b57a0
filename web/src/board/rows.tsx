/** Some tickets, in an order that is held while somebody points at it. */

import { useRef } from "preact/hooks";
import type { BoardRow } from "../../../widget/src/core/wire.ts";
import { holdOrder } from "../core/steady.ts";
import { TicketRow } from "./row.tsx";
import { held } from "./state.ts";

/** Nothing moves under a pointer: what has left the board stays, and says so, until the list is left alone. */
export function Rows({ rows }: { rows: readonly BoardRow[] }) {
  const order = useRef<readonly number[]>([]);
  const known = useRef(new Map<number, BoardRow>());
  for (const row of rows) known.current.set(row.id, row);
  const here = new Set(rows.map(({ id }) => id));
  order.current = holdOrder(order.current, [...here], held.value);
  // What is forgotten is what is neither on the board nor still on the screen.
  for (const id of known.current.keys()) if (!order.current.includes(id)) known.current.delete(id);
  return (
    <ul>
      {order.current.map((id) => {
        const row = known.current.get(id);
        return row && <TicketRow key={id} row={row} gone={!here.has(id)} />;
      })}
    </ul>
  );
}
