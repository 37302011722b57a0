/** A level at a glance: a column a state, in each what breaches next on top. */

import { columnsOf } from "../core/board.ts";
import { t } from "../core/words.ts";
import type { BoardRow } from "../../../widget/src/core/wire.ts";
import { Rows } from "./rows.tsx";
import { level, shown } from "./state.ts";

export function Columns() {
  const { own, others } = shown.value;
  return (
    <div class="states" tabIndex={0} role="group" aria-label={t(`level.${level.value as 1 | 2 | 3}`)} data-testid="columns">
      {columnsOf(level.value, own).map(({ state, rows }) => (
        <Column key={state} name={state} title={t(`ticket_state.${state}`)} rows={rows} />
      ))}
      {others.length > 0 && <Column name="others" title={t("board.others")} rows={others} />}
    </div>
  );
}

function Column({ name, title, rows }: { name: string; title: string; rows: readonly BoardRow[] }) {
  const id = `column-${name}`;
  return (
    <section aria-labelledby={id} data-testid="column" data-state={name}>
      <h2 id={id}>
        {title} <span class="figure quiet">{rows.length}</span>
      </h2>
      {rows.length === 0 ? <p class="quiet none">{t("board.column_empty")}</p> : <Rows rows={rows} />}
    </section>
  );
}
