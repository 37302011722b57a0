import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { applyEvent } from "../src/core/apply.ts";
import { Client } from "../src/core/client.ts";
import { FakeWebSocket, freshBrowser } from "./browser.ts";
import type { Sent } from "./browser.ts";
import { message, messageSent, snapshot, subscribed, TOPIC } from "./wire.ts";

let client: Client;
let changes: string[];

beforeEach(() => {
  freshBrowser(mock.timers);
  changes = [];
  client = new Client({
    url: "wss://chat.example/ws/visitor/key",
    hello: () => ({ ref: "hello-hello", type: "hello" }),
    apply: applyEvent,
    onFrame: () => {},
    onStatus: () => {},
    onTopic: (topic) => changes.push(topic),
  });
  client.follow(TOPIC);
  FakeWebSocket.last.welcomes();
});

const asked = (): Sent => FakeWebSocket.last.sent.at(-1)!;
const subscriptions = () => FakeWebSocket.last.types.filter((type) => type === "subscribe").length;

function givenSnapshot(): void {
  FakeWebSocket.last.says(subscribed({ ref: asked().ref, head: 1, snapshot: snapshot(message(1)) }));
}

test("a followed topic is subscribed to once the connection is open, and its snapshot told", () => {
  assert.equal(asked()["topic"], TOPIC);
  assert.equal(asked()["since"], undefined);
  givenSnapshot();
  assert.deepEqual(changes, [TOPIC]);
  assert.equal(client.topics.get(TOPIC)?.head, 1);
});

test("after a reconnect it goes on from its cursor", () => {
  givenSnapshot();
  FakeWebSocket.last.breaks();
  mock.timers.tick(1000);
  FakeWebSocket.last.welcomes();
  assert.deepEqual([asked()["since"], asked()["epoch"]], [1, "first"]);
});

test("several events after one gap ask one question; the answer fills it", () => {
  givenSnapshot();
  for (const seq of [3, 4]) FakeWebSocket.last.says(messageSent(seq));
  assert.equal(subscriptions(), 2);
  FakeWebSocket.last.says(subscribed({ ref: asked().ref, head: 4, events: [2, 3, 4].map((seq) => messageSent(seq)) }));
  assert.equal(client.topics.get(TOPIC)?.head, 4);
});

test("a heartbeat with a later head asks for the lost last event", () => {
  givenSnapshot();
  FakeWebSocket.last.says({ type: "heartbeat", at: "2026-11-10T16:00:00Z", heads: { [TOPIC]: 2 } });
  assert.deepEqual([asked()["type"], asked()["since"]], ["subscribe", 1]);
});

test("a topic whose access ended is told as lost, and not asked for again", () => {
  givenSnapshot();
  FakeWebSocket.last.says({ type: "unsubscribed", topic: TOPIC });
  assert.deepEqual([changes, client.topics.size], [[TOPIC, TOPIC], 0]);
  FakeWebSocket.last.breaks();
  mock.timers.tick(1000);
  FakeWebSocket.last.welcomes();
  assert.equal(subscriptions(), 0);
});

test("a refused subscription is told as lost", async () => {
  FakeWebSocket.last.says({
    type: "refused",
    ref: asked().ref,
    code: "not_found",
    message: "",
    field: null,
    retry_after: null,
  });
  await Promise.resolve();
  assert.deepEqual(changes, [TOPIC]);
});

test("what is no longer followed is unsubscribed, and its late events are dropped", () => {
  givenSnapshot();
  client.unfollow(TOPIC);
  assert.equal(asked()["type"], "unsubscribe");
  FakeWebSocket.last.says(messageSent(2));
  assert.equal(client.topics.size, 0);
});
