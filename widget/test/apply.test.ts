import assert from "node:assert/strict";
import { test } from "node:test";

import { applyEvent, compareInstants } from "../src/core/apply.ts";
import type { ConversationSummary, VisitorSnapshot } from "../src/core/wire.ts";
import { changed, conversation, message, messageSent, snapshot, summary, TOPIC, visitor } from "./wire.ts";

const listed = (conversation: ConversationSummary) =>
  ({ topic: "visitor:5", seq: 2, type: "visitor_conversation_changed", conversation }) as const;

const ids = (snapshot: unknown): number[] => (snapshot as VisitorSnapshot).conversations.map(({ id }) => id);

test("a message goes to the end of the thread, and the old snapshot stays as it was", () => {
  const before = Object.freeze(snapshot(message(1)));
  assert.deepEqual(applyEvent(before, messageSent(2)), snapshot(message(1), message(2)));
  assert.deepEqual(before, snapshot(message(1)));
});

test("a change replaces the whole conversation and leaves its line", () => {
  const event = changed(2, { state: "wrap_up", agent: null });
  const after = applyEvent(snapshot(message(1)), event);
  assert.deepEqual(after, { ...snapshot(message(1), event.entry), conversation: event.conversation });
});

test("each side's mark of what it has read moves alone", () => {
  const event = { topic: TOPIC, seq: 2, type: "seen_moved" } as const;
  const read = applyEvent(snapshot(), { ...event, by: "agent", upto: 1 });
  assert.deepEqual(read, { ...snapshot(), conversation: conversation({ agent_seen: 1 }) });
  const own = applyEvent(snapshot(), { ...event, by: "visitor", upto: 1 });
  assert.deepEqual(own, { ...snapshot(), conversation: conversation({ visitor_seen: 1 }) });
});

test("the client's own data is replaced", () => {
  const renamed = { ...visitor().visitor, name: "Victoria" };
  const after = applyEvent(visitor(), { topic: "visitor:5", seq: 2, type: "visitor_changed", visitor: renamed });
  assert.deepEqual(after, { ...visitor(), visitor: renamed });
});

test("conversations are listed newest first: by the instant they were opened, then by id", () => {
  const before = visitor(summary(3, "2026-11-10T16:00:00Z"), summary(1, "2026-11-09T16:00:00Z"));
  assert.deepEqual(ids(applyEvent(before, listed(summary(4, "2026-11-10T16:00:00Z")))), [4, 3, 1]);
  assert.deepEqual(ids(applyEvent(before, listed(summary(2, "2026-11-10T15:00:00Z")))), [3, 2, 1]);
});

test("a listed conversation that changes is replaced, not doubled", () => {
  const before = visitor(summary(3, "2026-11-10T16:00:00Z"), summary(1, "2026-11-09T16:00:00Z"));
  const after = applyEvent(before, listed({ ...summary(1, "2026-11-09T16:00:00Z"), state: "escalated" }));
  assert.deepEqual(ids(after), [3, 1]);
  assert.equal((after as VisitorSnapshot).conversations[1]?.state, "escalated");
});

test("the list keeps ten", () => {
  const ten = Array.from({ length: 10 }, (_, index) => summary(10 - index, `2026-11-${20 - index}T16:00:00Z`));
  assert.deepEqual(
    ids(applyEvent(visitor(...ten), listed(summary(11, "2026-11-21T16:00:00Z")))),
    [11, 10, 9, 8, 7, 6, 5, 4, 3, 2],
  );
});

test("an event of another kind of topic changes nothing", () => {
  const before = snapshot();
  assert.equal(applyEvent(before, listed(summary(1, "2026-11-10T16:00:00Z"))), before);
});

test("instants compare to the microsecond, with or without a fraction", () => {
  const ordered = [
    "2026-11-10T16:00:00Z",
    "2026-11-10T16:00:00.000001Z",
    "2026-11-10T16:00:00.1Z",
    "2026-11-10T16:00:01Z",
  ];
  assert.deepEqual(ordered.toReversed().sort(compareInstants), ordered);
  assert.equal(compareInstants("2026-11-10T16:00:00Z", "2026-11-10T16:00:00Z"), 0);
});
