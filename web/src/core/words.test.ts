import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { Drafts } from "./drafts.ts";
import { sayCause, sayReason, sayRefusal } from "./reasons.ts";
import { ago, due, elapsed, span, zoneTime } from "./times.ts";
import { sayCode, setLocale, t, tn } from "./words.ts";
import { at, NOON } from "./cast.ts";

const LOCALES = new URL("../../../chatserver/locales/", import.meta.url);

function namespace(locale: string, file: string): Record<string, string> {
  return JSON.parse(readFileSync(new URL(`${locale}/${file}`, LOCALES), "utf8")) as Record<string, string>;
}

function holes(words: string): string[] {
  return (words.match(/\{\w+\}/g) ?? []).sort();
}

test("both locales have the same namespaces", () => {
  assert.deepEqual(readdirSync(new URL("en/", LOCALES)).sort(), readdirSync(new URL("es-MX/", LOCALES)).sort());
});

for (const file of readdirSync(new URL("es-MX/", LOCALES))) {
  test(`${file}: the same keys and the same placeholders, nothing blank`, () => {
    const spanish = namespace("es-MX", file);
    const english = namespace("en", file);
    assert.deepEqual(Object.keys(english).sort(), Object.keys(spanish).sort());
    for (const [key, words] of Object.entries(spanish)) {
      assert.deepEqual(holes(english[key] ?? ""), holes(words), key);
      assert.ok(words.trim() !== "" && english[key]?.trim() !== "", key);
    }
  });
}

test("the languages speak as they were asked to: usted, no exclamation marks", () => {
  for (const file of ["staff.json", "shared.json"]) {
    for (const [key, words] of Object.entries(namespace("es-MX", file))) {
      assert.doesNotMatch(words, /[!¡]|\b(tú|tu|tus|te|ti)\b/iu, key);
    }
  }
});

test("a locale is chosen once, unknown ones fall back to the house's", () => {
  assert.equal(setLocale("fr"), "es-MX");
  assert.equal(t("composer.send"), "Enviar mensaje");
  assert.equal(tn("list.unread", 1), "1 mensaje sin leer");
  assert.equal(tn("list.unread", 3), "3 mensajes sin leer");
  assert.equal(setLocale("en-US"), "en");
  assert.equal(t("done.assign", { name: "Ben" }), "Conversation offered to Ben.");
  assert.equal(sayCode("no.such_code"), null);
});

test("routing's reasons are said with spans and languages as people say them", () => {
  setLocale("es-MX");
  const idle = { code: "routing.assigned.longest_idle", params: { agent: "Ana", idle_seconds: 540 } };
  assert.equal(sayReason(idle), "Ana lleva más tiempo sin conversación nueva: 9 min");
  const other = { code: "routing.assigned.tie_other_language", params: { agent: "Ana", language: "fr" } };
  assert.match(sayReason(other), /nadie en turno habla francés$/);
  assert.equal(sayReason({ code: "routing.of_tomorrow", params: {} }), t("reason.unknown"));
  assert.equal(sayCause(null), null);
  assert.equal(sayCause("cause.of_tomorrow"), null);
  assert.equal(sayCause("cause.declined"), "rechazada");
  assert.equal(sayRefusal("of_tomorrow"), t("refused.unknown"));
});

test("times: minutes under an hour, then the time, then the day; a clock that runs behind is no future", () => {
  setLocale("es-MX");
  const now = (seconds: number): number => Date.parse(at(seconds));
  assert.equal(ago(NOON, now(-5)), "ahora");
  assert.equal(ago(NOON, now(59)), "ahora");
  assert.equal(ago(NOON, now(3599)), "hace 59 min");
  assert.match(ago(NOON, now(3 * 86_400)), /24/);
  assert.match(due(at(3 * 86_400), now(0)), /27.*\d\d:\d\d/);
  assert.equal(elapsed(7), "0:07");
  assert.equal(elapsed(760), "12:40");
  assert.equal(elapsed(3729), "1:02:09");
  assert.equal(span(45), "45 s");
  assert.equal(span(540), "9 min");
  assert.equal(zoneTime(now(0), "America/Monterrey"), "12:00");
  assert.equal(zoneTime(now(0), "Nowhere/Else"), "");
});

test("drafts stay with their conversation, and a strange value in the storage is no draft", () => {
  const kept = new Map([["7", "{oops"], ["8", '"words"']]);
  const drafts = new Drafts({
    get: (name) => kept.get(name) ?? null,
    set: (name, value) => void kept.set(name, value),
    remove: (name) => void kept.delete(name),
    names: () => [...kept.keys()],
  });
  assert.deepEqual(drafts.read(7), { body: "", note: false });
  assert.deepEqual(drafts.read(8), { body: "", note: false });
  drafts.write(9, { body: "Buenas", note: true });
  assert.deepEqual(drafts.read(9), { body: "Buenas", note: true });
  drafts.write(9, { body: "", note: false });
  assert.ok(!kept.has("9"));
});
