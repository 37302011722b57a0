import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { connect } from "../src/core/socket.ts";
import type { Command, Connection, Status } from "../src/core/socket.ts";
import { FakeWebSocket, freshBrowser, page } from "./browser.ts";

let connection: Connection;
let statuses: Status[];
let frames: string[];
let hellos: number;

beforeEach(() => {
  freshBrowser(mock.timers);
  [statuses, frames, hellos] = [[], [], 0];
  connection = connect({
    url: "wss://chat.example/ws/visitor/key",
    hello: () => ({ ref: `hello-${++hellos}-------`, type: "hello" }),
    onFrame: (frame) => frames.push(frame.type),
    onStatus: (status) => statuses.push(status),
  });
});

const command = (ref: string): Command => ({ ref, type: "mark_seen", conversation: 7, seq: 1 });
const done = (ref: string) => ({ ref, type: "done" });
const refused = (ref: string, retry_after: number | null) => ({
  ref,
  type: "refused",
  code: "x",
  message: "",
  field: null,
  retry_after,
});
const tick = (ms: number) => mock.timers.tick(ms);

test("it says hello first, in our subprotocol, and is open when it was welcomed", () => {
  const socket = FakeWebSocket.last;
  assert.equal(socket.protocol, "chatserver.v1");
  void connection.send(command("before-it-opened"));
  socket.onopen?.();
  assert.deepEqual(socket.types, ["hello"]);
  socket.says({ type: "welcome", ref: "hello-1-------" });
  assert.deepEqual([statuses, frames], [["open"], ["welcome"]]);
  assert.equal(socket.sent.at(-1)?.ref, "before-it-opened");
});

test("a reply resolves its command, once", async () => {
  FakeWebSocket.last.welcomes();
  const reply = connection.send(command("a-command"));
  FakeWebSocket.last.says(done("a-command"));
  assert.equal((await reply).type, "done");
  FakeWebSocket.last.says(done("a-command"));
});

test("what has no reply is sent again after a reconnect, in order, under the same refs", () => {
  FakeWebSocket.last.welcomes();
  for (const ref of ["answered", "unanswered-1", "unanswered-2"]) void connection.send(command(ref));
  FakeWebSocket.last.says(done("answered"));
  FakeWebSocket.last.breaks();
  tick(15_000);
  FakeWebSocket.last.welcomes();
  assert.deepEqual(
    FakeWebSocket.last.sent.slice(1).map(({ ref }) => ref),
    ["unanswered-1", "unanswered-2"],
  );
});

test("the same ref handed over twice is one command", () => {
  FakeWebSocket.last.welcomes();
  assert.equal(connection.send(command("a-command")), connection.send(command("a-command")));
  assert.equal(FakeWebSocket.last.sent.length, 2);
});

test("what was only asked dies with the connection", () => {
  FakeWebSocket.last.welcomes();
  void connection.ask(command("a-subscription"));
  FakeWebSocket.last.breaks();
  void connection.ask(command("while-waiting"));
  tick(15_000);
  FakeWebSocket.last.welcomes();
  assert.deepEqual(FakeWebSocket.last.types, ["hello"]);
});

test("the delays grow from half a second to a quarter of a minute, and no further", () => {
  const delays = Array.from({ length: 7 }, () => {
    FakeWebSocket.last.breaks();
    return nextConnection();
  });
  assert.deepEqual(delays, [1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  Math.random = () => 0;
  FakeWebSocket.last.breaks();
  assert.equal(nextConnection(), 500);
});

function nextConnection(): number {
  const made = FakeWebSocket.made.length;
  let waited = 0;
  while (FakeWebSocket.made.length === made) tick(((waited += 100), 100));
  return waited;
}

test("a connection that lived starts the delays afresh; one that is thrown out at once does not", () => {
  for (const expected of [1000, 2000]) {
    FakeWebSocket.last.welcomes();
    FakeWebSocket.last.breaks(4009);
    assert.equal(nextConnection(), expected);
  }
  FakeWebSocket.last.welcomes();
  tick(11_000);
  FakeWebSocket.last.breaks(4009);
  assert.equal(nextConnection(), 1000);
});

test("silence for 45 s means that nobody is there; a heartbeat is enough to stay", () => {
  FakeWebSocket.last.welcomes();
  tick(44_000);
  FakeWebSocket.last.says({ type: "heartbeat", at: "2026-11-10T16:00:00Z", heads: {} });
  tick(44_000);
  assert.equal(connection.status, "open");
  tick(1000);
  assert.equal(connection.status, "waiting");
  assert.ok(FakeWebSocket.made[0]!.closed);
});

test("a server that accepts and never greets is left after 15 s", () => {
  FakeWebSocket.last.onopen?.();
  tick(15_000);
  assert.equal(connection.status, "waiting");
});

test("back on line, or back in view: at once, not after the delay", () => {
  FakeWebSocket.last.breaks();
  dispatchEvent(new Event("online"));
  assert.equal(FakeWebSocket.made.length, 2);
  FakeWebSocket.last.breaks();
  page.visibilityState = "hidden";
  page.dispatchEvent(new Event("visibilitychange"));
  assert.equal(FakeWebSocket.made.length, 2);
  page.visibilityState = "visible";
  page.dispatchEvent(new Event("visibilitychange"));
  assert.equal(FakeWebSocket.made.length, 3);
});

test("off line is believed at once", () => {
  FakeWebSocket.last.welcomes();
  dispatchEvent(new Event("offline"));
  assert.equal(connection.status, "waiting");
});

test("drain: it comes back after the delay it was given, by itself", () => {
  FakeWebSocket.last.welcomes();
  FakeWebSocket.last.says({ type: "drain", delay: 3 });
  tick(2999);
  assert.equal(FakeWebSocket.made.length, 1);
  tick(1);
  assert.equal(FakeWebSocket.made.length, 2);
});

test("refused for now: the same command again after that many seconds, and only then a reply", async () => {
  FakeWebSocket.last.welcomes();
  const reply = connection.send(command("a-command"));
  FakeWebSocket.last.says(refused("a-command", 2));
  tick(1999);
  assert.equal(FakeWebSocket.last.sent.length, 2);
  tick(1);
  assert.deepEqual(
    FakeWebSocket.last.sent.slice(1).map(({ ref }) => ref),
    ["a-command", "a-command"],
  );
  FakeWebSocket.last.says(refused("a-command", null));
  assert.equal((await reply).type, "refused");
});

for (const [code, status] of [
  [4000, "stopped"],
  [4003, "stopped"],
  [4010, "login"],
  [4011, "stopped"],
  [1009, "stopped"],
] as const) {
  test(`close code ${code} is final: ${status}`, () => {
    FakeWebSocket.last.welcomes();
    FakeWebSocket.last.breaks(code);
    tick(60_000);
    page.dispatchEvent(new Event("visibilitychange"));
    assert.equal(connection.status, status);
    assert.equal(FakeWebSocket.made.length, 1);
  });
}

test("a refused hello is final, unless it says when to try again", () => {
  FakeWebSocket.last.onopen?.();
  FakeWebSocket.last.says(refused("hello-1-------", 5));
  tick(5000);
  assert.equal(FakeWebSocket.made.length, 2);
  FakeWebSocket.last.onopen?.();
  FakeWebSocket.last.says(refused("hello-2-------", null));
  assert.equal(connection.status, "stopped");
});

test("closed is closed: no timer and no event brings it back", () => {
  FakeWebSocket.last.welcomes();
  connection.close();
  tick(60_000);
  dispatchEvent(new Event("online"));
  assert.equal(FakeWebSocket.made.length, 1);
  assert.ok(FakeWebSocket.last.closed);
});
