import assert from "node:assert/strict";
import { test } from "node:test";
import type { NeedView } from "../../../widget/src/core/wire.ts";
import { askedNow, isComplete, sortMoves, toForm } from "./move-form.ts";

const NOTHING = { weight: { severity: null, impact: null, urgency: null }, files: [], zone: "America/Monterrey" };

function need(field: string, fields: Partial<NeedView> = {}): NeedView {
  return { field, instead: null, only_for: null, ...fields };
}

test("a duplicate asks for the other ticket, spam does not", () => {
  const needs = [need("cause"), need("duplicate_of", { only_for: "duplicate" })];
  assert.equal(isComplete(needs, {}), false);
  assert.equal(isComplete(needs, { cause: "spam" }), true);
  assert.equal(isComplete(needs, { cause: "duplicate" }), false);
  assert.equal(toForm(needs, { cause: "duplicate", duplicate_of: "12" }, NOTHING).duplicate_of, 12);
  assert.equal(toForm(needs, { cause: "spam", duplicate_of: "12" }, NOTHING).duplicate_of, null);
});

test("without a deployment neither version nor time is asked", () => {
  const needs = [need("version", { instead: "no_deployment" }), need("released_at", { instead: "no_deployment" })];
  assert.deepEqual(askedNow(needs, { no_deployment: "yes" }), []);
  assert.equal(askedNow(needs, { no_deployment: "" }).length, 2);
  const form = toForm(needs, { no_deployment: "yes", version: "4.2" }, NOTHING);
  assert.deepEqual([form.no_deployment, form.version], [true, null]);
});

test("only what is asked is sent, cleaned; a moment goes out as an instant", () => {
  const form = toForm([need("reason"), need("new_date")], { reason: "  Falló ", new_date: "2026-11-24T12:00", summary: "x" }, NOTHING);
  assert.equal(form.reason, "Falló");
  assert.equal(form.new_date, "2026-11-24T18:00:00.000Z"); // noon on the desk's wall
  assert.equal(form.summary, null);
});

test("a severity is chosen with its impact and urgency, and blank words are no words", () => {
  const weight = { severity: "S2", impact: "core", urgency: "high" } as const;
  assert.equal(isComplete([need("severity"), need("reason")], { reason: "  " }), false);
  assert.deepEqual(toForm([need("severity")], {}, { ...NOTHING, weight }).impact, "core");
});

test("the way forward stands before what is beside it", () => {
  const offers = (["solve", "cancel", "pass_to_l3"] as const).map((move) => ({ move, to: "new", needs: [], overrides: false }) as const);
  const { forward, beside } = sortMoves(offers);
  assert.deepEqual([forward.map(({ move }) => move), beside.map(({ move }) => move)], [["solve", "pass_to_l3"], ["cancel"]]);
});

test("files go with evidence, and with nothing else", () => {
  const beside = { ...NOTHING, files: [3, 5] };
  assert.deepEqual(toForm([need("evidence")], { evidence: "captura" }, beside).evidence_files, [3, 5]);
  assert.deepEqual(toForm([need("reason")], { reason: "x" }, beside).evidence_files, []);
});
