import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox } from "../src/core/outbox.ts";
import { keep } from "../src/core/storage.ts";

const send = (id: string) =>
  ({ ref: `ref-of-${id}`, type: "send_message", conversation: 7, client_message_id: id, body: id }) as const;

const ids = (outbox: Outbox) => outbox.list().map(({ command }) => command.client_message_id);

/** A browser's storage: what it keeps are its own enumerable properties. */
function storage(): Storage {
  const methods = {
    getItem(this: Record<string, string>, name: string) {
      return this[name] ?? null;
    },
    setItem(this: Record<string, string>, name: string, value: string) {
      this[name] = value;
    },
    removeItem(this: Record<string, string>, name: string) {
      delete this[name];
    },
  };
  return Object.create(methods) as Storage;
}

function full(): Storage {
  const full = Object.create(storage()) as Storage;
  Object.defineProperty(full, "setItem", {
    value: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  });
  return full;
}

test("what was not confirmed is there after a reload, oldest first, with its ids", () => {
  const browser = storage();
  const before = new Outbox(keep("chatserver:key:", browser));
  before.put(send("second"), 20);
  before.put(send("first"), 10);
  const after = new Outbox(keep("chatserver:key:", browser));
  assert.deepEqual(after.list()[0], { command: send("first"), at: 10 });
  assert.deepEqual(ids(after), ["first", "second"]);
});

test("two tabs write side by side and lose nothing", () => {
  const browser = storage();
  const [one, two] = [new Outbox(keep("p:", browser)), new Outbox(keep("p:", browser))];
  one.put(send("from-one"), 1);
  two.put(send("from-two"), 2);
  one.remove("from-one");
  assert.deepEqual([ids(one), ids(two)], [["from-two"], ["from-two"]]);
});

test("another portal's messages, and other things that are kept, are none of ours", () => {
  const browser = storage();
  keep("p:", browser).set("token", "secret");
  new Outbox(keep("q:", browser)).put(send("theirs"), 1);
  assert.deepEqual(ids(new Outbox(keep("p:", browser))), []);
});

for (const [name, browser] of [
  ["no storage", null],
  ["a full storage", full()],
] as const) {
  test(`${name}: the page's memory has to do`, () => {
    const outbox = new Outbox(keep("p:", browser));
    outbox.put(send("kept"), 1);
    assert.deepEqual(ids(outbox), ["kept"]);
    outbox.remove("kept");
    assert.deepEqual(ids(outbox), []);
  });
}
