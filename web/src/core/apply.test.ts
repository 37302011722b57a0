import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentsSnapshot, DeskSnapshot, DurableEvent, InboxSnapshot } from "../../../widget/src/core/wire.ts";
import { applyEvent } from "./apply.ts";
import { COUNTS, agent, at, context, item, message, note, row, thread, ticket } from "./cast.ts";

const inbox = (...items: InboxSnapshot["items"]): InboxSnapshot => ({ kind: "inbox", items });
const desk = (part: Partial<DeskSnapshot>): DeskSnapshot => ({ kind: "desk", rows: [], tickets: [], counts: COUNTS, ...part });

function apply<Kind extends { readonly kind: string }>(snapshot: Kind, event: object): Kind {
  return applyEvent(snapshot as never, { topic: "", seq: 1, ...event } as DurableEvent) as never;
}

test("an inbox keeps its oldest first, and one item a conversation", () => {
  const before = inbox(item(3, at(10)), item(1, at(30)));
  const later = apply(before, { type: "inbox_added", item: item(2, at(20)) });
  assert.deepEqual(later.items.map((each) => each.conversation), [3, 2, 1]);
  const accepted = apply(later, { type: "inbox_added", item: item(3, at(40)) });
  assert.deepEqual(accepted.items.map((each) => each.conversation), [2, 1, 3]);
  assert.equal(before.items.length, 2);
});

test("items of the same moment stand by conversation, and microseconds count", () => {
  const before = inbox(item(9, "2026-11-24T18:00:00.000002Z"), item(5, "2026-11-24T18:00:00.000010Z"));
  const after = apply(before, { type: "inbox_added", item: item(7, "2026-11-24T18:00:00Z") });
  assert.deepEqual(after.items.map((each) => each.conversation), [7, 9, 5]);
  const tied = apply(after, { type: "inbox_added", item: item(6, "2026-11-24T18:00:00Z") });
  assert.deepEqual(tied.items.map((each) => each.conversation), [6, 7, 9, 5]);
});

test("what is removed from an inbox is gone, and removing it twice is nothing", () => {
  const once = apply(inbox(item(1), item(2)), { type: "inbox_removed", conversation: 1, cause: "cause.closed" });
  const twice = apply(once, { type: "inbox_removed", conversation: 1, cause: "cause.closed" });
  assert.deepEqual(twice.items.map((each) => each.conversation), [2]);
});

test("the roster replaces or inserts by id", () => {
  const roster: AgentsSnapshot = { kind: "agents", agents: [agent(1), agent(3)] };
  const after = apply(apply(roster, { type: "agent_changed", agent: agent(2) }), {
    type: "agent_changed",
    agent: agent(3, { load: 2 }),
  });
  assert.deepEqual(after.agents.map(({ id, load }) => [id, load]), [[1, 0], [2, 0], [3, 2]]);
});

test("a row whose conversation is no longer open leaves the desk, and the counts are the event's", () => {
  const before = desk({ rows: [row(1), row(2)] });
  const counts = { ...COUNTS, closed: 1 };
  const after = apply(before, { type: "desk_changed", row: row(1, { state: "closed" }), counts });
  assert.deepEqual(after.rows.map(({ id }) => id), [2]);
  assert.equal(after.counts.closed, 1);
});

test("a row that changed stands in its place by id", () => {
  const after = apply(desk({ rows: [row(1), row(3)] }), { type: "desk_changed", row: row(2, { state: "offered" }), counts: COUNTS });
  assert.deepEqual(after.rows.map(({ id, state }) => `${id} ${state}`), ["1 queued", "2 offered", "3 queued"]);
});

test("a desk shows its twenty newest tickets, the newest first, then the higher id", () => {
  const tickets = Array.from({ length: 20 }, (_, index) => ticket(20 - index, { created_at: at(20 - index) }));
  const after = apply(desk({ tickets }), { type: "desk_ticket_changed", ticket: ticket(21, { created_at: at(20) }) });
  assert.equal(after.tickets.length, 20);
  assert.deepEqual(after.tickets.slice(0, 2).map(({ id }) => id), [21, 20]);
  assert.equal(after.tickets.at(-1)?.id, 2);
  const changed = apply(after, { type: "desk_ticket_changed", ticket: ticket(20, { created_at: at(20), state: "closed" }) });
  assert.equal(changed.tickets.length, 20);
  assert.equal(changed.tickets[1]?.state, "closed");
});

test("staff content: notes are appended, the context is replaced", () => {
  const after = apply(context({}, [note(1, 2)]), { type: "note_added", note: note(2, 2) });
  assert.deepEqual(after.notes.map(({ seq }) => seq), [1, 2]);
  const file = { id: 7, note: true, seq: 2, key: "k", name: "factura.pdf", size: 1, image: false };
  assert.deepEqual(apply(after, { type: "file_attached", file }).files, [file]);
  const changed = apply(after, { type: "context_changed", conversation: context({ level: 2 }).conversation });
  assert.equal(changed.conversation.level, 2);
  assert.equal(changed.notes.length, 2);
});

test("a ticket is replaced, and its history grows", () => {
  const before = { kind: "ticket", ticket: { id: 1, severity: "S3" }, history: [{ number: 1 }] };
  const after = apply(before, { type: "ticket_changed", ticket: { id: 1, severity: "S1" }, steps: [{ number: 2 }] });
  assert.equal((after.ticket as { severity: string }).severity, "S1");
  assert.deepEqual(after.history.map(({ number }) => number), [1, 2]);
});

test("a board is sorted by what is due next; who left it is gone, what stands still is last", () => {
  const due = (id: number, minute: number | null) => ({
    id,
    next: minute === null ? null : { clock: "update", due: at(minute) },
  });
  const before = { kind: "board", rows: [due(1, 10), due(2, null)] };
  const change = (snapshot: typeof before, row: object, on = true) =>
    apply(snapshot, { type: "board_changed", row, on });
  const ids = (snapshot: typeof before) => snapshot.rows.map(({ id }) => id);
  assert.deepEqual(ids(change(before, due(3, 5))), [3, 1, 2]);
  assert.deepEqual(ids(change(before, due(3, 10))), [1, 3, 2]);
  assert.deepEqual(ids(change(before, due(1, null))), [1, 2]);
  assert.deepEqual(ids(change(before, due(1, 10), false)), [2]);
});

test("a public thread is the shared rules' matter", () => {
  const after = apply(thread([]), { type: "message_sent", entry: message(1, "visitor") });
  assert.equal(after.entries.length, 1);
});

test("an event of another kind of topic changes nothing", () => {
  const before = inbox(item(1));
  assert.equal(apply(before, { type: "note_added", note: note(1, 1) }), before);
});
