import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { test } from "node:test";

// What the build does for the English panel: the texts are the other language's.
registerHooks({ resolve: (name, context, next) => next(name.replace("/es-MX/", "/en/"), context) });
const { day, when } = await import("../src/view/times.ts");

const NOW = new Date("2026-11-14T00:40:00Z");

test("English keeps its twelve hours", () => {
  const told = when("2026-11-17T14:00:00Z", "America/Monterrey", NOW);
  assert.equal(told.replace("\u202f", " "), "Tuesday at 8:00 AM");
});

test("English days", () => assert.equal(day(NOW.toISOString(), NOW), "Today"));
