import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { keep } from "../src/core/storage.ts";
import type { Keep } from "../src/core/storage.ts";
import { LIVE } from "../src/names.ts";
import { Session } from "../src/session.ts";
import { FakeWebSocket, freshBrowser } from "./browser.ts";
import type { Sent } from "./browser.ts";
import { changed, conversation, message, snapshot, subscribed, summary, TOPIC, visitor } from "./wire.ts";

const PORTAL = {
  name: "Portal Gratuito",
  locale: "es-MX",
  accent: "#1d5fb8",
  topics: ["Timbrado"],
  privacy_version: "1",
  privacy_url: null,
  availability: { open: true, message_first: false, closes_at: null, reopens_at: null, zone: "America/Monterrey" },
};
const CONTACT = { name: "Vic", email: "vic@example.com", subject: "Timbrado", rfc: null, privacy_version: "1" };

let storage: Keep;
let session: Session;
let emitted: string[];
let returned: string[];

beforeEach(() => {
  freshBrowser(mock.timers);
  Object.assign(globalThis, { location: new URL("https://portal.example/pagar?folio=secreto#yo") });
  storage = keep("test:", null);
  load();
});

/** A page that is loaded: a new session over the same storage. */
function load(): void {
  [emitted, returned] = [[], []];
  session = new Session({
    url: "wss://chat.example/ws/visitor/key",
    keep: storage,
    changed: () => {},
    emit: (name) => emitted.push(name),
    returned: (body) => returned.push(body),
  });
}

const last = (type: string): Sent => FakeWebSocket.last.sent.findLast((frame) => frame.type === type)!;
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function answer(type: string, reply: object): Promise<void> {
  FakeWebSocket.last.says({ ref: last(type).ref, ...reply });
  await settle();
}

const refused = (code: string) => ({ type: "refused", code, message: "", field: null, retry_after: null });

async function welcome(known: boolean): Promise<void> {
  FakeWebSocket.last.onopen?.();
  const who = known ? { visitor: visitor().visitor, topic: "visitor:5" } : { visitor: null, topic: null };
  await answer("hello", { type: "welcome", epoch: "first", token: "a-token-of-16-and-more", portal: PORTAL, ...who });
}

/** A known client in an active conversation with one message of the agent. */
async function talking(): Promise<void> {
  await welcome(true);
  const listed = { ...summary(7, "2026-11-10T16:00:00Z"), state: "active" } as const;
  FakeWebSocket.last.says(
    subscribed({ ref: last("subscribe").ref, topic: "visitor:5", head: 1, snapshot: visitor(listed) }),
  );
  FakeWebSocket.last.says(subscribed({ ref: last("subscribe").ref, head: 1, snapshot: snapshot(message(1)) }));
}

test("a new client keeps the token and starts with the form", async () => {
  await welcome(false);
  assert.equal(storage.get("token"), "a-token-of-16-and-more");
  assert.deepEqual([session.loading, session.shown], [false, null]);
  assert.equal(last("hello")["page"], "https://portal.example/pagar");
});

test("the form opens a conversation, which is followed and shown, and connects the next page by itself", async () => {
  await welcome(false);
  session.begin(CONTACT, "");
  assert.equal(session.busy, true);
  await answer("start_conversation", {
    type: "conversation_started",
    conversation: 7,
    topic: TOPIC,
    visitor: visitor().visitor,
    message_seq: null,
  });
  assert.deepEqual([session.busy, session.shown, storage.get(LIVE)], [false, 7, "1"]);
  assert.deepEqual(emitted, ["conversation:started"]);
  assert.deepEqual(
    FakeWebSocket.last.sent.slice(-2).map((frame) => frame["topic"]),
    ["visitor:5", TOPIC],
  );
});

test("a refused form gives its words back and says why", async () => {
  await welcome(false);
  session.begin(CONTACT, "No puedo timbrar");
  await answer("start_conversation", refused("closed"));
  assert.deepEqual([session.busy, session.refusal?.code, returned], [false, "closed", ["No puedo timbrar"]]);
});

test("a known client comes back to the newest conversation", async () => {
  await talking();
  assert.deepEqual([session.shown, session.snapshot?.entries.length, session.unread], [7, 1, 1]);
});

test("a message is sending, then stored by its reply, and leaves when its event comes", async () => {
  await talking();
  session.say("Hola");
  const { client_message_id } = last("send_message");
  assert.equal(session.unconfirmed[0]?.stored, false);
  await answer("send_message", {
    type: "message_stored",
    conversation: 7,
    client_message_id,
    seq: 2,
    at: "2026-11-10T16:01:00Z",
  });
  assert.equal(session.unconfirmed[0]?.stored, true);
  const entry = message(2, { sender: { kind: "visitor", name: "Vic" }, client_message_id: String(client_message_id) });
  FakeWebSocket.last.says({ topic: TOPIC, seq: 2, type: "message_sent", entry });
  assert.deepEqual([session.unconfirmed, session.entries.length, emitted], [[], 2, []]);
});

test("what was not confirmed is sent again by the next page, under the same ids", async () => {
  await talking();
  session.say("Hola");
  const before = last("send_message");
  session.close();
  load();
  await talking();
  assert.deepEqual(last("send_message"), before);
  assert.equal(session.unconfirmed[0]?.body, "Hola");
});

test("a refused message gives its words back and is never sent again", async () => {
  await talking();
  session.say("Hola");
  await answer("send_message", refused("too_much"));
  assert.deepEqual([returned, session.unconfirmed, session.hasUnsent], [["Hola"], [], false]);
  session.close();
  load();
  await talking();
  assert.equal(last("send_message"), undefined);
});

test("a message of the agent is told once, however it comes", async () => {
  await talking();
  const event = { topic: TOPIC, seq: 2, type: "message_sent", entry: message(2) };
  for (let times = 0; times < 2; times++) FakeWebSocket.last.says(event);
  assert.deepEqual([emitted, session.unread], [["message:received"], 2]);
});

test("seen is said once, up to the last message of the agent", async () => {
  await talking();
  session.seen();
  session.seen();
  assert.equal(FakeWebSocket.last.types.filter((type) => type === "mark_seen").length, 1);
  assert.deepEqual([last("mark_seen")["seq"], session.unread], [1, 0]);
});

test("the end of a conversation is told once", async () => {
  await talking();
  FakeWebSocket.last.says(changed(2, { state: "closed" }));
  assert.deepEqual([emitted, session.snapshot?.conversation.state], [["conversation:ended"], "closed"]);
});

test("typing is said at most every three seconds, and its end once", async () => {
  await talking();
  for (let key = 0; key < 5; key++) session.write();
  mock.timers.tick(3000);
  session.write();
  mock.timers.tick(4000);
  const said = FakeWebSocket.last.sent.filter(({ type }) => type === "typing").map(({ on }) => on);
  assert.deepEqual(said, [true, true, false]);
});

test("an agent's typing fades by itself", async () => {
  await talking();
  FakeWebSocket.last.says({ type: "typing_changed", conversation: 7, by: "agent", on: true });
  assert.equal(session.typing, true);
  mock.timers.tick(6000);
  assert.equal(session.typing, false);
});

test("without a connection it says so until it is back", async () => {
  await talking();
  FakeWebSocket.last.breaks();
  assert.equal(session.offline, true);
  mock.timers.tick(1000);
  assert.equal(session.offline, true);
  await welcome(true);
  assert.equal(session.offline, false);
});

test("a conversation of another state than ours is shown as the server has it", async () => {
  await talking();
  FakeWebSocket.last.breaks();
  mock.timers.tick(1000);
  await welcome(true);
  const fresh = { ...snapshot(message(1)), conversation: conversation({ state: "escalated" }) };
  FakeWebSocket.last.says(subscribed({ epoch: "second", head: 1, snapshot: fresh }));
  assert.equal(session.snapshot?.conversation.state, "escalated");
});

test("a chat that ended is rated once, also after a reload", async () => {
  await talking();
  assert.equal(session.rated, false);
  session.rate(4);
  const { conversation, score, comment } = last("rate_conversation");
  assert.deepEqual([conversation, score, comment], [7, 4, ""]);
  assert.equal(session.rated, true);
  load();
  await talking();
  assert.equal(session.rated, true);
});
