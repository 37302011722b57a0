import assert from "node:assert/strict";
import { test } from "node:test";

import { city, day, when } from "../src/view/times.ts";

const MONTERREY = "America/Monterrey";
/** A Friday, 18:40 in Monterrey. */
const NOW = new Date("2026-11-14T00:40:00Z");

for (const [at, words] of [
  ["2026-11-14T01:00:00Z", "hoy a las 19:00"],
  ["2026-11-14T14:00:00Z", "mañana a las 8:00"],
  ["2026-11-17T14:00:00Z", "el martes a las 8:00"],
  ["2026-11-20T14:00:00Z", "el viernes 20 de noviembre a las 8:00"],
  ["2026-11-10T14:00:00Z", "el martes 10 de noviembre a las 8:00"],
] as const) {
  test(`${at} is ${words}`, () => assert.equal(when(at, MONTERREY, NOW), words));
}

test("the same instant in another zone may be another day", () => {
  assert.equal(when("2026-11-16T05:30:00Z", MONTERREY, NOW), "el domingo a las 23:30");
  assert.equal(when("2026-11-16T05:30:00Z", "Europe/Madrid", NOW), "el lunes a las 6:30");
});

test("a day has 24 hours only mostly: tomorrow is tomorrow across the end of summer time", () => {
  assert.equal(when("2026-11-02T05:30:00Z", "America/New_York", new Date("2026-11-01T04:30:00Z")), "mañana a las 0:30");
});

test("days of a thread, in the reader's zone", () => {
  const at = (hours: number) => new Date(+NOW - hours * 3_600_000).toISOString();
  assert.equal(day(at(0), NOW), "Hoy");
  assert.equal(day(at(24), NOW), "Ayer");
  assert.match(day(at(72), NOW), /^(martes|miércoles) 1\d de noviembre$/);
});

test("the city of a zone", () => {
  assert.deepEqual([MONTERREY, "America/Mexico_City", "America/Ciudad_Juarez"].map(city), [
    "Monterrey",
    "la Ciudad de México",
    "Ciudad Juarez",
  ]);
});
