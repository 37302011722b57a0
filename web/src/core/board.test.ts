import assert from "node:assert/strict";
import { test } from "node:test";
import type { BoardRow } from "../../../widget/src/core/wire.ts";
import { columnsOf, countdown, isFor, mergeRows, orderLevels, readBoard, urgencyOf } from "./board.ts";
import { at, NOON } from "./cast.ts";
import { setLocale } from "./words.ts";

const NOW = Date.parse(NOON);

function row(id: number, due: number | null, fields: Partial<BoardRow> = {}): BoardRow {
  return {
    id,
    folio: `PG-2026-00000${id}`,
    portal: 1,
    conversation: id,
    visitor: "Vic",
    summary: "Timbrado",
    severity: "S3",
    provisional: false,
    proposed: null,
    level: 2,
    state: "l2_queued",
    since: NOON,
    owner: null,
    external_cause: false,
    next: due === null ? null : { clock: "update", due: at(due) },
    warned: 0,
    created_at: NOON,
    ...fields,
  };
}

test("what was promised for now is not late yet; a second later it is", () => {
  assert.equal(urgencyOf(row(1, 0), NOW), "calm");
  assert.equal(urgencyOf(row(1, -1), NOW), "late");
  assert.equal(urgencyOf(row(1, 60, { warned: 75 }), NOW), "soon");
  assert.equal(urgencyOf(row(1, null, { warned: 75 }), NOW), "still");
});

test("one's own level comes first, the others in their order", () => {
  const topics = ["board:1:l1", "board:1:l2", "board:1:l3", "board:2:l1", "desk:1"];
  assert.deepEqual(orderLevels(topics, 2), [2, 1, 3]);
  assert.deepEqual(readBoard("board:7:l3"), { portal: 7, level: 3 });
  assert.equal(readBoard("board:7"), null);
});

test("over all portals what breaches next stands first, what stands still last", () => {
  const rows = mergeRows([
    { kind: "board", rows: [row(1, 50), row(2, null)] },
    { kind: "board", rows: [row(3, 10), row(4, 50)] },
  ]);
  assert.deepEqual(rows.map(({ id }) => id), [3, 1, 4, 2]);
});

test("a countdown is of whole minutes, and says what is late first", () => {
  setLocale("es-MX");
  assert.equal(countdown(at(61), NOW), "en 2 min");
  assert.equal(countdown(at(0), NOW), "en 1 min");
  assert.equal(countdown(at(-180), NOW), "Venció: hace 3 min");
  assert.equal(countdown(at(3 * 86_400), NOW), null);
});

test("a column a state: also where there is none, and where a state is not usual at this level", () => {
  const rows = [row(1, 5, { state: "l2_working" }), row(2, 9), row(3, 1, { state: "l2_working" }), row(4, 2, { state: "l1_working" })];
  const columns = columnsOf(2, rows);
  assert.deepEqual(
    columns.map((column) => [column.state, column.rows.map(({ id }) => id)]),
    [
      ["l2_queued", [2]],
      ["l2_working", [1, 3]],
      ["release_pending", []],
      ["waiting_client", []],
      ["l1_working", [4]],
    ],
  );
});

test("mine is mine, nobody's is nobody's", () => {
  const mine = row(1, 1, { owner: { id: 7, name: "Ana" } });
  assert.deepEqual([isFor(mine, "mine", 7), isFor(mine, "mine", 8), isFor(mine, "nobody", 7)], [true, false, false]);
  assert.equal(isFor(row(2, 1), "nobody", 7), true);
});
