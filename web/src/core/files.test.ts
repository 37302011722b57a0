import assert from "node:assert/strict";
import { test } from "node:test";
import type { FileView } from "../../../widget/src/core/wire.ts";
import { hasPreview, placeFiles, saySize } from "./files.ts";
import { setLocale } from "./words.ts";

const file = (fields: Partial<FileView>): FileView => ({
  id: 1, note: false, seq: 1, key: "k", name: "pantalla.png", size: 1024, image: true, ...fields,
});

test("a message and a note of the same number have each their own file", () => {
  const placed = placeFiles([file({ seq: 3 }), file({ id: 2, seq: 3, note: true })]);
  assert.deepEqual([placed.get("e3")?.id, placed.get("n3")?.id, placed.get("e4")], [1, 2, undefined]);
});

test("only a picture of a bearable size is shown small", () => {
  assert.deepEqual([hasPreview(file({})), hasPreview(file({ image: false })), hasPreview(file({ size: 9e6 }))], [true, false, false]);
});

test("a size is said as people say it", () => {
  setLocale("es-MX");
  assert.deepEqual([saySize(10), saySize(123_000), saySize(1_500_000)], ["0.1 KB", "120.1 KB", "1.4 MB"]);
});
