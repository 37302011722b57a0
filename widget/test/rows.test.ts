import assert from "node:assert/strict";
import { test } from "node:test";

import type { Entry } from "../src/core/apply.ts";
import type { ConversationPublic } from "../src/core/wire.ts";
import { threadRows } from "../src/view/rows.ts";
import type { Row, Unconfirmed } from "../src/view/rows.ts";
import { change, conversation, message, ticket } from "./wire.ts";

const own = (seq: number, at = "2026-11-10T16:00:00Z") =>
  message(seq, { at, sender: { kind: "visitor", name: "Vic" } });

const unsent = (id: string, stored = false): Unconfirmed => ({ id, body: "Hola", at: "2026-11-10T16:01:00Z", stored });

/** A row in a word: what it is, its key, and for messages where they stand. */
function told(row: Row): string {
  if (row.kind === "line") return `line ${row.entry.seq}`;
  if (row.kind !== "message") return row.kind;
  return [row.own ?? row.name, row.key, row.first ? "first" : ""].join(" ").trim();
}

const rows = (entries: Entry[], fields: Partial<ConversationPublic> = {}, pending: Unconfirmed[] = []): string[] =>
  threadRows(conversation(fields), entries, pending).map(told);

test("a day is named once, before its first entry", () => {
  const next = message(3, { at: "2026-11-12T16:00:00Z" });
  assert.deepEqual(rows([change(1), message(2), next]), [
    "day",
    "line 1",
    "Ana López 2 first",
    "day",
    "Ana López 3 first",
  ]);
});

test("messages of one sender within five minutes are one group", () => {
  const late = own(4, "2026-11-10T16:06:00Z");
  assert.deepEqual(rows([message(1), own(2), own(3), late]).slice(1), [
    "Ana López 1 first",
    "stored message-2 first",
    "stored message-3",
    "stored message-4 first",
  ]);
});

test("one's own is seen up to the agent's mark, and only stored after it", () => {
  assert.deepEqual(rows([own(1), own(2)], { agent_seen: 1 }).slice(1), ["seen message-1 first", "stored message-2"]);
});

test("what is unsent stands last, in the same group, and keeps its key", () => {
  const pending = [unsent("one", true), unsent("two")];
  assert.deepEqual(rows([own(1)], {}, pending).slice(1), ["stored message-1 first", "stored one", "sending two"]);
});

test("a ticket's card stands after the last line that speaks of it", () => {
  const entries = [change(1, { change: "escalated" }), change(2, { change: "ticket" }), message(3)];
  assert.deepEqual(rows(entries, { ticket: ticket() }).slice(1), [
    "line 1",
    "ticket",
    "Ana López 3 first",
  ]);
});

test("what is no news to a client is no line, and parts no messages", () => {
  const between = [change(2, { change: "ticket" }), change(3, { change: "extended" })];
  assert.deepEqual(rows([message(1), ...between, message(4)]).slice(1), ["Ana López 1 first", "Ana López 4"]);
});

test("a ticket of which nothing in sight speaks stands at the end", () => {
  assert.deepEqual(rows([message(1)], { ticket: ticket() }).slice(1), ["Ana López 1 first", "ticket"]);
});
