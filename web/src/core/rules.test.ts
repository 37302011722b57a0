import assert from "node:assert/strict";
import { test } from "node:test";
import { countAlerts, titleOf } from "./alerts.ts";
import { COUNTS, NOON, agent, at, change, context, item, message, row, thread } from "./cast.ts";
import { addCounts, assignable, countFigures } from "./figures.ts";
import { polyline, sample } from "./history.ts";
import { isOffer, neighbour, orderChats } from "./inbox.ts";
import { splitLinks } from "./links.ts";
import { byRisk, riskOf, riskOfWait } from "./risk.ts";
import { suggestSeverity } from "./severity.ts";
import { holdOrder } from "./steady.ts";
import { countUnread, lastMessage, lastSeq, waitsSince } from "./unread.ts";

const later = (seconds: number): number => Date.parse(at(seconds));

test("unread are the client's messages beyond what an agent has seen", () => {
  const entries = [message(1, "visitor"), message(2, "agent"), message(3, "visitor"), change(4, "asked"), message(5, "visitor")];
  assert.equal(countUnread(thread(entries, { agent_seen: 3 })), 1);
  assert.equal(countUnread(thread(entries, { agent_seen: 5 })), 0);
  assert.equal(lastMessage(thread([...entries, message(6, "system")]))?.seq, 5);
  assert.equal(lastSeq(thread(entries)), 5);
  assert.equal(lastSeq(thread([])), 0);
});

test("a client waits since their first unanswered words, or since they came when nobody has answered yet", () => {
  assert.equal(waitsSince(thread([])), NOON);
  assert.equal(waitsSince(thread([message(1, "visitor"), message(2, "agent")])), null);
  assert.equal(waitsSince(thread([message(1, "agent"), message(2, "visitor"), message(3, "visitor")])), at(2));
  assert.equal(waitsSince(thread([message(1, "visitor")], { state: "wrap_up" })), null);
  assert.equal(waitsSince(thread([message(1, "visitor")], { ended_at: at(9) })), null);
});

test("an offer is what is offered to me, not what I have offered to somebody else", () => {
  const offered = thread([], { state: "offered" });
  const transfer = { to: "Ben", by: "Ana", note: "" };
  assert.ok(isOffer({ item: item(1), thread: offered, context: null }));
  assert.ok(isOffer({ item: item(1, NOON, "transfer"), thread: null, context: null }));
  assert.ok(!isOffer({ item: item(1), thread: offered, context: context({ transfer }) }));
  assert.ok(!isOffer({ item: item(1), thread: thread([]), context: null }));
});

test("offers stand on top, and the title counts them and what is unread", () => {
  const active = { item: item(1), thread: thread([message(1, "visitor")]), context: null };
  const quiet = { item: item(2), thread: thread([]), context: null };
  const offer = { item: item(3), thread: thread([], { state: "offered" }), context: null };
  assert.deepEqual(orderChats([active, quiet, offer]).map((chat) => chat.item.conversation), [3, 1, 2]);
  assert.equal(countAlerts([active, quiet, offer]), 2);
  assert.equal(titleOf("Consola", 2), "(2) Consola");
  assert.equal(titleOf("Consola", 0), "Consola");
});

test("next and previous go round, and start at the top or the bottom", () => {
  assert.equal(neighbour([4, 5, 6], 6, 1), 4);
  assert.equal(neighbour([4, 5, 6], 4, -1), 6);
  assert.equal(neighbour([4, 5, 6], null, 1), 4);
  assert.equal(neighbour([4, 5, 6], 9, -1), 6);
  assert.equal(neighbour([], null, 1), null);
});

const LIMITS = { soon_wait: 120, late_wait: 180 };
const watched = (...made: Parameters<typeof row>) => ({ ...row(...made), limits: LIMITS });

test("risk: an alert or three minutes in the queue is late, a nudge or two minutes is soon", () => {
  const table = [
    [watched(1), 119, "none"],
    [watched(1), 120, "soon"],
    [watched(1), 180, "late"],
    [watched(1, { state: "active" }), 3000, "none"],
    [watched(1, { state: "active", alert: "nudge" }), 0, "soon"],
    [watched(1, { state: "offered", alert: "supervisor" }), 0, "late"],
  ] as const;
  for (const [each, seconds, expected] of table) assert.equal(riskOf(each, later(seconds)), expected);
});

test("the queue is sorted by risk, then who waits before who is answered, then the oldest", () => {
  const rows = [
    watched(1, { state: "active", since: at(-900) }),
    watched(2, { joined_at: at(-30) }),
    watched(3, { joined_at: at(-200) }),
    watched(4, { joined_at: at(-60) }),
    watched(5, { state: "active", alert: "supervisor" }),
    watched(6, { joined_at: at(-130) }),
  ];
  assert.deepEqual(byRisk(rows, later(0)).map(({ id }) => id), [3, 5, 6, 4, 2, 1]);
});

test("what is late is the desk's own setting", () => {
  const quick = { soon_wait: 20, late_wait: 30 };
  assert.deepEqual([19, 20, 30].map((seconds) => riskOfWait(seconds, quick)), ["none", "soon", "late"]);
  assert.equal(riskOf({ ...row(1), limits: quick }, later(30)), "late");
});

test("a held list keeps its order, also what has gone; news join at the end", () => {
  assert.deepEqual(holdOrder([3, 1], [1, 2], true), [3, 1, 2]);
  assert.deepEqual(holdOrder([3, 1], [1, 2], false), [1, 2]);
});

test("figures count states, the longest wait, and the room of who is on shift", () => {
  const rows = [row(1, { joined_at: at(-75) }), row(2, { state: "offered", joined_at: at(-90) }), row(3, { state: "active", joined_at: at(-999) })];
  const agents = [agent(1, { load: 3 }), agent(2, { load: 6 }), agent(3, { state: "away" })];
  const figures = countFigures(rows, agents, [{ ...COUNTS, answered: 4 }, { ...COUNTS, answered: 1 }], later(0));
  assert.deepEqual(figures, { queued: 1, offered: 1, longest: 90, active: 1, wrapUp: 0, online: 2, room: 1, answered: 5, escalated: 0 });
  assert.equal(countFigures([], agents, [], later(0)).longest, null);
  assert.equal(addCounts([{ ...COUNTS, missed: 1 }, { ...COUNTS, missed: 2 }]).missed, 3);
});

test("only who is on shift and has room can be assigned to, the most room first", () => {
  const agents = [agent(1, { load: 3 }), agent(2), agent(3, { state: "away" }), agent(4, { load: 4 })];
  assert.deepEqual(assignable(agents).map(({ id }) => id), [2, 1]);
});

test("impact and urgency suggest the severity of the process", () => {
  const table = (["many", "core", "other"] as const).map((impact) =>
    (["high", "medium", "low"] as const).map((urgency) => suggestSeverity(impact, urgency)).join(" "),
  );
  assert.deepEqual(table, ["S1 S2 S3", "S2 S3 S3", "S3 S4 S4"]);
});

test("only web addresses become links, without the sentence's full stop", () => {
  const parts = splitLinks("Vea https://example.com/a?b=1, (http://x.mx). No javascript:alert(1) ni ftp://x");
  assert.deepEqual(parts.filter(({ href }) => href).map(({ href }) => href), ["https://example.com/a?b=1", "http://x.mx"]);
  assert.equal(parts.map(({ text }) => text).join(""), "Vea https://example.com/a?b=1, (http://x.mx). No javascript:alert(1) ni ftp://x");
  assert.deepEqual(splitLinks(""), []);
});

test("half an hour of history becomes a stepped line", () => {
  const first = sample([], { at: 0, count: 0 });
  const all = sample(sample(first, { at: 100, count: 2 }), { at: 200, count: 2 });
  assert.equal(polyline(all, 100, 10), "0.0,10.0 50.0,10.0 50.0,0.0 100.0,0.0");
  assert.equal(polyline(first, 100, 10), "");
  assert.equal(sample(all, { at: 30 * 60_000 + 150, count: 1 }).length, 2);
});
