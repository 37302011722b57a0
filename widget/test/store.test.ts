import assert from "node:assert/strict";
import { test } from "node:test";

import { applyEvent } from "../src/core/apply.ts";
import { behind, receiveEvent, receiveSubscribed } from "../src/core/store.ts";
import type { Topics } from "../src/core/store.ts";
import { message, messageSent, snapshot, subscribed, TOPIC } from "./wire.ts";

const at = (head: number, epoch = "first"): Topics =>
  new Map([[TOPIC, { epoch, head, snapshot: snapshot(...seqs(head).map((seq) => message(seq))) }]]);

const seqs = (head: number) => Array.from({ length: head }, (_, index) => index + 1);

test("a snapshot starts a topic at its head", () => {
  const outcome = receiveSubscribed(
    new Map(),
    subscribed({ head: 2, snapshot: snapshot(message(1), message(2)) }),
    applyEvent,
  );
  assert.deepEqual(outcome, { topics: at(2), ask: [] });
});

test("the next event is applied and moves the cursor", () => {
  assert.deepEqual(receiveEvent(at(1), messageSent(2), applyEvent), { topics: at(2), ask: [] });
});

test("a known event is dropped, however often it comes", () => {
  const topics = at(2);
  for (const seq of [1, 2]) assert.equal(receiveEvent(topics, messageSent(seq), applyEvent).topics, topics);
});

test("after a gap nothing is applied, and the topic is asked for", () => {
  const topics = at(1);
  assert.deepEqual(receiveEvent(topics, messageSent(3), applyEvent), { topics, ask: [TOPIC] });
});

test("an event of a topic that is not held is dropped", () => {
  assert.deepEqual(receiveEvent(new Map(), messageSent(1), applyEvent), { topics: new Map(), ask: [] });
});

test("a tail goes on from the cursor, and what it repeats is dropped", () => {
  const tail = subscribed({ head: 3, events: [messageSent(1), messageSent(2), messageSent(3)] });
  assert.deepEqual(receiveSubscribed(at(1), tail, applyEvent), { topics: at(3), ask: [] });
});

test("a tail with a hole is applied up to the hole and asked for again", () => {
  const tail = subscribed({ head: 4, events: [messageSent(2), messageSent(4)] });
  assert.deepEqual(receiveSubscribed(at(1), tail, applyEvent), { topics: at(2), ask: [TOPIC] });
});

test("a snapshot of another epoch replaces what is held, even when its head is behind", () => {
  const frame = subscribed({ epoch: "second", head: 1, snapshot: snapshot(message(1)) });
  assert.deepEqual(receiveSubscribed(at(5), frame, applyEvent), { topics: at(1, "second"), ask: [] });
});

test("a tail of another epoch, from behind, or of nothing held is useless: start afresh", () => {
  for (const frame of [subscribed({ epoch: "second", head: 9 }), subscribed({ head: 1 })]) {
    assert.deepEqual(receiveSubscribed(at(5), frame, applyEvent), { topics: new Map(), ask: [TOPIC] });
  }
  assert.deepEqual(receiveSubscribed(new Map(), subscribed({ head: 1 }), applyEvent).ask, [TOPIC]);
});

test("a heartbeat names the topics whose last event was lost, and no others", () => {
  assert.deepEqual(behind(at(3), { [TOPIC]: 4, "visitor:5": 9 }), [TOPIC]);
  assert.deepEqual(behind(at(3), { [TOPIC]: 3 }), []);
  assert.deepEqual(behind(at(3), { [TOPIC]: 2 }), []);
});
