import assert from "node:assert/strict";
import { test } from "node:test";
import { actionOf, KEYS, takesText } from "./shortcuts.ts";
import type { Press } from "./shortcuts.ts";

function press(code: string, fields: Partial<Press> = {}): Press {
  const key = code.startsWith("Key") ? code.slice(3).toLowerCase() : code;
  return { key, code, altKey: false, ctrlKey: false, metaKey: false, repeat: false, isComposing: false, ...fields };
}

test("a bare letter acts, but never while somebody types and never when switched off", () => {
  assert.equal(actionOf(press("KeyT"), false, true), "transfer");
  assert.equal(actionOf(press("KeyT"), true, true), null);
  assert.equal(actionOf(press("KeyT"), false, false), null);
});

test("with Alt it acts also while typing, whatever letter the keyboard makes of it", () => {
  assert.equal(actionOf(press("KeyT", { altKey: true, key: "†" }), true, false), "transfer");
  assert.equal(actionOf(press("KeyB", { altKey: true }), true, true), null);
});

test("the browser's own keys, held keys and half-made letters are left alone", () => {
  for (const part of [{ ctrlKey: true }, { metaKey: true }, { repeat: true }, { isComposing: true }, { ctrlKey: true, altKey: true }]) {
    assert.equal(actionOf(press("KeyT", part), false, true), null);
  }
});

test("the question mark is where the keyboard has it", () => {
  assert.equal(actionOf(press("Minus", { key: "?" }), false, true), "help");
  assert.equal(actionOf(press("Minus", { key: "?" }), true, true), null);
});

test("no two actions share a key", () => {
  const keys = Object.values(KEYS);
  assert.equal(new Set(keys).size, keys.length);
});

test("fields take text, switches and buttons do not", () => {
  assert.ok(takesText("TEXTAREA", "", false));
  assert.ok(takesText("INPUT", "text", false));
  assert.ok(takesText("INPUT", "", false));
  assert.ok(takesText("DIV", "", true));
  assert.ok(!takesText("INPUT", "radio", false));
  assert.ok(!takesText("BUTTON", "", false));
});
