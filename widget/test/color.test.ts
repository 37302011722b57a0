import assert from "node:assert/strict";
import { test } from "node:test";

import { isColor, textOn } from "../src/view/color.ts";

for (const [accent, text] of [
  ["#1d5fb8", "#fff"],
  ["#000", "#fff"],
  ["#fff", "#000"],
  ["#ffd400", "#000"],
  ["#0b7", "#000"],
  ["#777", "#000"], // White would have 4.48:1.
  ["#767676", "#fff"], // 4.54:1
] as const) {
  test(`on ${accent} ${text} is read`, () => assert.equal(textOn(accent), text));
}

test("only a hexadecimal colour is one", () => {
  assert.deepEqual(["#abc", "#A1B2C3", "red", "#abcd", "#12345g", "", null].map(isColor), [
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});
