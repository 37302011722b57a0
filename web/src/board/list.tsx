/** The left pane: the boards of one's levels, what breaches next on top. */

import type { Only } from "../core/board.ts";
import { t, tn } from "../core/words.ts";
import { Empty } from "../ui/empty.tsx";
import { useHold } from "../ui/hold.ts";
import { Columns } from "./columns.tsx";
import { Find } from "./find.tsx";
import { Rows } from "./rows.tsx";
import { asColumns, dialog, held, level, levels, loaded, lookAt, lookAs, only, rowsOf, shown } from "./state.ts";

export function BoardList() {
  const hold = useHold(held, dialog);
  return (
    <section class="list board-list" aria-label={t("app.board")}>
      <div class="above">
        <Find />
        <Levels />
        <Filter />
        <View />
      </div>
      <div class="below" {...hold}>
        {loaded.value && asColumns.value ? <Columns /> : <List />}
      </div>
    </section>
  );
}

function List() {
  const { own, others } = shown.value;
  return (
    <>
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
    </>
  );
}

function Nothing() {
  if (only.value !== "all") return <Empty title={t("board.empty_filter")} hint={t("board.empty_filter_hint")} />;
  return <Empty title={t("board.empty")} hint={t("board.empty_hint")} />;
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
          {t("agents.level", { n: one })} <span class="figure quiet">{rowsOf(one).filter((row) => row.level === one).length}</span>
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

/** A list beside the ticket, or a board over the whole width until one is chosen. */
function View() {
  return (
    <div class="choices view" role="group" aria-label={t("board.view")}>
      {(["list", "columns"] as const).map((view) => (
        <button
          type="button"
          class="button small bare"
          key={view}
          aria-pressed={asColumns.value === (view === "columns")}
          onClick={() => lookAs(view)}
        >
          {t(`board.view_${view}`)}
        </button>
      ))}
    </div>
  );
}
