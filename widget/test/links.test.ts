import assert from "node:assert/strict";
import { test } from "node:test";

import { splitLinks } from "../src/view/links.ts";

const links = (text: string): string[] => splitLinks(text).filter((_, index) => index % 2);

for (const [text, found] of [
  ["Vea https://sat.gob.mx.", ["https://sat.gob.mx"]],
  ["(en https://sat.gob.mx/a?b=1&c=2#d)", ["https://sat.gob.mx/a?b=1&c=2#d"]],
  ["https://es.wikipedia.org/wiki/RFC_(México), y más", ["https://es.wikipedia.org/wiki/RFC_(México)"]],
  [
    "HTTP://A.MX/ y mailto:ana@example.com; tel:+528147771100!",
    ["HTTP://A.MX/", "mailto:ana@example.com", "tel:+528147771100"],
  ],
  ["javascript:alert(1) data:text/html,x vbscript:x file:///etc/passwd", []],
  ["https:// no es enlace", []],
  ['<a href="https://x.mx">x</a>', ["https://x.mx"]],
  ["xhttps://pegado.mx", []],
] as const) {
  test(`links in ${JSON.stringify(text)}`, () => {
    assert.deepEqual(links(text), found);
    assert.equal(splitLinks(text).join(""), text);
  });
}

test("a hostile text takes no longer than it should", () => {
  const start = performance.now();
  splitLinks(`https://${"(".repeat(2000)}${"a(".repeat(2000)}`);
  splitLinks(`https://${".".repeat(4000)}`);
  splitLinks("https://x ".repeat(400));
  assert.ok(performance.now() - start < 200);
});
