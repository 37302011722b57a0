/** The form of a move: which fields are asked now, what they begin with, whether they are all there, what is sent. */

import type { MoveTicket, NeedView, OfferView, TicketForm, TicketView } from "../../../widget/src/core/wire.ts";
import { instantOf } from "./zones.ts";

export type Move = OfferView["move"];
/** What is filled in, by the field's name; what is not there is blank. */
export type Values = Readonly<Record<string, string>>;
export type Control = "weight" | "category" | "owner" | "cause" | "other" | "moment" | "line" | "lines";

/** What the client reads, word for word. Everything else stays inside. */
export const TOLD: ReadonlySet<string> = new Set(["solution", "message", "question"]);

/** What files of the ticket may go with. */
export const EVIDENCE: ReadonlySet<string> = new Set(["evidence", "test_evidence"]);

/** The moves beside the way forward: they stand behind "more". */
const BESIDE: ReadonlySet<Move> = new Set([
  "return_to_l1",
  "return_to_l2",
  "fail_validation",
  "release_failed",
  "cancel",
  "set_severity",
  "propose_severity",
  "set_owner",
  "put_back",
]);

const CONTROLS: Readonly<Record<string, Control>> = {
  severity: "weight",
  category: "category",
  owner: "owner",
  cause: "cause",
  duplicate_of: "other",
  release_from: "moment",
  release_until: "moment",
  released_at: "moment",
  new_date: "moment",
  rfc: "line",
  version: "line",
};

const EMPTY: TicketForm = {
  severity: null,
  impact: null,
  urgency: null,
  category: null,
  summary: null,
  rfc: null,
  evidence: null,
  evidence_files: [],
  solution: null,
  message: null,
  question: null,
  sizing: null,
  reason: null,
  diagnosis: null,
  owner: null,
  test_evidence: null,
  release_from: null,
  release_until: null,
  version: null,
  released_at: null,
  no_deployment: false,
  new_date: null,
  cause: null,
  duplicate_of: null,
};

export function controlOf(field: string): Control {
  return CONTROLS[field] ?? "lines";
}

/** The way forward, and what else may be done. */
export function sortMoves(offers: readonly OfferView[]): { readonly forward: OfferView[]; readonly beside: OfferView[] } {
  return {
    forward: offers.filter(({ move }) => !BESIDE.has(move)),
    beside: offers.filter(({ move }) => BESIDE.has(move)),
  };
}

/** Some fields are asked for one cause only, some not when another one (`no_deployment`) makes them unnecessary. */
export function askedNow(needs: readonly NeedView[], values: Values): NeedView[] {
  return needs.filter(
    ({ instead, only_for }) =>
      (only_for === null || values["cause"] === only_for) && (instead === null || !values[instead]),
  );
}

export function isComplete(needs: readonly NeedView[], values: Values): boolean {
  return askedNow(needs, values).every(({ field }) => field === "severity" || (values[field] ?? "").trim() !== "");
}

/** What is known already is there to be corrected, not to be written again; what was released, most likely was so now. */
export function beginWith(ticket: TicketView, now: string): Values {
  return {
    released_at: now,
    summary: ticket.summary,
    category: ticket.category ?? "",
    rfc: ticket.rfc ?? ticket.client.rfc ?? "",
    evidence: ticket.evidence ?? "",
    sizing: ticket.sizing ?? "",
    diagnosis: ticket.diagnosis ?? "",
  };
}

/** What goes with the fields: how heavy the case is, which files are its evidence, and whose clock the moments are of. */
export interface Beside {
  readonly weight: Pick<TicketForm, "severity" | "impact" | "urgency">;
  readonly files: readonly number[];
  readonly zone: string;
}

export function toForm(needs: readonly NeedView[], values: Values, { weight, files, zone }: Beside): MoveTicket["form"] {
  const form: Record<string, unknown> = { ...EMPTY, no_deployment: Boolean(values["no_deployment"]) };
  for (const { field } of askedNow(needs, values)) {
    if (field === "severity") Object.assign(form, weight);
    else form[field] = toWire(field, (values[field] ?? "").trim(), zone);
    if (EVIDENCE.has(field)) form["evidence_files"] = files;
  }
  return form as unknown as TicketForm;
}

function toWire(field: string, text: string, zone: string): string | number {
  const control = controlOf(field);
  if (control === "owner" || control === "other") return Number(text);
  return control === "moment" ? instantOf(text, zone) : text;
}
