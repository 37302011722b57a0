import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, due } from "./times.ts";
import { setLocale } from "./words.ts";
import { cityOf, instantOf, wallOf } from "./zones.ts";

test("a typed time is of the desk's wall, wherever the browser is", () => {
  assert.equal(instantOf("2026-11-24T18:00", "America/Monterrey"), "2026-11-25T00:00:00.000Z");
  assert.equal(instantOf("2026-07-01T09:30", "America/Tijuana"), "2026-07-01T16:30:00.000Z");
  assert.equal(instantOf("2026-07-01T09:30", "Asia/Kolkata"), "2026-07-01T04:00:00.000Z");
  for (const zone of ["America/Monterrey", "Europe/Madrid", "Asia/Kolkata"]) {
    const wall = wallOf(Date.parse("2026-11-24T18:07:40Z"), zone);
    assert.equal(instantOf(wall, zone), "2026-11-24T18:07:00.000Z");
  }
});

test("where clocks change, a time that is left out is the later one and a time that comes twice the first", () => {
  assert.equal(instantOf("2026-03-08T02:30", "America/Tijuana"), "2026-03-08T10:30:00.000Z");
  assert.equal(instantOf("2026-03-08T03:30", "America/Tijuana"), "2026-03-08T10:30:00.000Z");
  assert.equal(instantOf("2026-11-01T01:30", "America/Tijuana"), "2026-11-01T08:30:00.000Z");
});

test("what is today is told by the desk's calendar", () => {
  setLocale("es-MX");
  const now = Date.parse("2026-11-25T03:00:00Z"); // Tuesday evening in Monterrey, Wednesday in Madrid.
  assert.equal(due("2026-11-25T05:30:00Z", now, "America/Monterrey"), "23:30");
  assert.match(due("2026-11-25T15:00:00Z", now, "America/Monterrey"), /^mié.* 09:00$/);
  assert.equal(due("2026-11-25T15:00:00Z", now, "Europe/Madrid"), "16:00");
  assert.equal(ago("2026-11-24T18:00:00Z", now, "America/Monterrey"), "12:00");
  assert.match(ago("2026-11-24T18:00:00Z", now, "Europe/Madrid"), /^mar/);
});

test("a zone is called by its city", () => {
  assert.equal(cityOf("America/Mexico_City"), "Mexico City");
});
