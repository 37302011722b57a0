/** The left pane: the boards of one's levels, what breaches next on top. */

import { useRef } from "preact/hooks";
import type { BoardRow } from "../../../widget/src/core/wire.ts";
import type { Only } from "../core/board.ts";
import { holdOrder } from "../core/steady.ts";
import { t, tn } from "../core/words.ts";
import { Empty } from "../ui/empty.tsx";
import { useHold } from "../ui/hold.ts";
import { TicketRow } from "./row.tsx";
import { dialog, held, level, levels, loaded, lookAt, only, rowsOf, shown } from "./state.ts";

export function BoardList() {
  const hold = useHold(held, dialog);
  const { own, others } = shown.value;
  return (
    <section class="list board-list" aria-label={t("app.board")}>
      <Levels />
      <Filter />
      <div {...hold}>
        <section aria-labelledby="own" data-testid="board" data-level={level.value}>
          <h2 id="own">
            {t(`level.${level.value as 1 | 2 | 3}`)} · {tn("board.count", own.length)}
          </h2>
          {!loaded.value ? (
            <div class="skeleton rows" role="status" aria-label={t("loading")} />
          ) : own.length === 0 ? (
            <Nothing />
          ) : (
            <Rows key={level.value} rows={own} />
          )}
        </section>
        {others.length > 0 && (
          <section aria-labelledby="others" data-testid="board-others">
            <h2 id="others">{t("board.others")}</h2>
            <Rows rows={others} />
          </section>
        )}
      </div>
    </section>
  );
}

function Nothing() {
  if (only.value !== "all") return <Empty title={t("board.empty_filter")} hint={t("board.empty_filter_hint")} />;
  return <Empty title={t("board.empty")} hint={t("board.empty_hint")} />;
}

/** Nothing moves under a pointer: what has left the board stays, and says so, until the list is left alone. */
function Rows({ rows }: { rows: readonly BoardRow[] }) {
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

/** Only who looks after several levels has a choice. */
function Levels() {
  if (levels.value.length < 2) return null;
  return (
    <div class="choices" role="group" aria-label={t("board.levels")}>
      {levels.value.map((one) => (
        <button
          type="button"
          class="button small"
          key={one}
          aria-pressed={level.value === one}
          data-testid={`level-${one}`}
          onClick={() => lookAt(one)}
        >
          {t("agents.level", { n: one })} <span class="figure quiet">{rowsOf(one).length}</span>
        </button>
      ))}
    </div>
  );
}

const FILTERS: readonly Only[] = ["all", "mine", "nobody"];

function Filter() {
  return (
    <div class="choices" role="group" aria-label={t("board.show")}>
      {FILTERS.map((filter) => (
        <button
          type="button"
          class="button small bare"
          key={filter}
          aria-pressed={only.value === filter}
          onClick={() => (only.value = filter)}
        >
          {t(`board.${filter}`)}
        </button>
      ))}
    </div>
  );
}
