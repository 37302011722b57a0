import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const locales = new URL("../../chatserver/locales/", import.meta.url);
const texts = (locale: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`${locale}/widget.json`, locales), "utf8")) as Record<string, string>;
const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

const [es, en] = [texts("es-MX"), texts("en")];

test("both locales say the same things, in the same order", () => {
  assert.deepEqual(Object.keys(es), Object.keys(en));
});

test("both locales fill in the same values", () => {
  for (const key of Object.keys(es)) assert.deepEqual(placeholders(es[key]!), placeholders(en[key]!), key);
});

test("nobody is shouted at", () => {
  for (const text of [...Object.values(es), ...Object.values(en)]) assert.doesNotMatch(text, /[!¡]|^\s*$/);
});

test("every text is used", () => {
  const sources = sourcesUnder(new URL("../src/", import.meta.url));
  const made = /^(change|severity|progress|refused|error|form|state|head|city)\./; // Keys that are put together.
  const unused = Object.keys(es).filter(
    (key) => !made.test(key) && !sources.includes(`"${key}"`) && !sources.includes(`.${key}`),
  );
  assert.deepEqual(unused, []);
});

function sourcesUnder(folder: URL): string {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return files.map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
}
