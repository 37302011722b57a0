import assert from "node:assert/strict";
import { test } from "node:test";
import { at, change, message, note } from "./cast.ts";
import { layThread } from "./thread.ts";
import type { Line, Thread } from "./thread.ts";

function lay(thread: Partial<Thread>, newAfter: number | null = null): string[] {
  return layThread({ entries: [], notes: [], earlier: false, ...thread }, newAfter).map(say);
}

function say(line: Line): string {
  if (line.kind === "day" || line.kind === "new") return line.kind;
  if (line.kind === "change") return `change ${line.entry.seq}`;
  if (line.kind === "note") return `note ${line.note.seq}${line.first ? " first" : ""}`;
  return `message ${line.entry.seq}${line.first ? " first" : ""}`;
}

test("a note stands after the entry it was written after, notes among themselves by their own seq", () => {
  const entries = [message(1, "visitor"), message(2, "agent"), message(3, "visitor")];
  const notes = [note(2, 2), note(1, 2), note(3, 0)];
  assert.deepEqual(lay({ entries, notes }), [
    "day", "note 3 first", "message 1 first", "message 2 first", "note 1 first", "note 2", "message 3 first",
  ]);
});

test("words of one person within five minutes are one group; another's words, a note or an event begin a new one", () => {
  const entries = [
    message(1, "visitor", at(0)),
    message(2, "visitor", at(299)),
    message(3, "visitor", at(700)),
    change(4, "answered", at(701)),
    message(5, "visitor", at(702)),
    message(6, "agent", at(703)),
  ];
  assert.deepEqual(lay({ entries }), [
    "day", "message 1 first", "message 2", "message 3 first", "change 4", "message 5 first", "message 6 first",
  ]);
});

test("a ticket's change is no line and parts no group", () => {
  const entries = [message(1, "agent", at(0)), change(2, "ticket", at(0)), message(3, "agent", at(1))];
  assert.deepEqual(lay({ entries }), ["day", "message 1 first", "message 3"]);
});

test("a day begins with its name", () => {
  const entries = [message(1, "visitor", at(0)), message(2, "visitor", at(86_400))];
  assert.deepEqual(lay({ entries }), ["day", "message 1 first", "day", "message 2 first"]);
});

test("what is new begins at the client's first unseen words, once, whatever stands around them", () => {
  const entries = [message(1, "visitor"), message(2, "agent"), change(3, "asked"), message(4, "visitor"), message(5, "visitor")];
  assert.deepEqual(lay({ entries }, 2), [
    "day", "message 1 first", "message 2 first", "change 3", "new", "message 4 first", "message 5",
  ]);
  assert.ok(!lay({ entries }, 5).includes("new"));
  assert.ok(!lay({ entries }, Infinity).includes("new"));
});

test("notes from before the entries that are loaded wait until those are", () => {
  const entries = [message(10, "visitor"), message(11, "agent")];
  const notes = [note(1, 4), note(2, 9), note(3, 10)];
  assert.deepEqual(lay({ entries, notes, earlier: true }), ["day", "note 2 first", "message 10 first", "note 3 first", "message 11 first"]);
  assert.equal(lay({ entries, notes }).length, 6);
});
