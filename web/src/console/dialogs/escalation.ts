/** What an escalation consists of while it is being filled in, and the command it becomes. */

import { signal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import { t } from "../../core/words.ts";
import { contextOf, desks } from "../../live/live.ts";
import type { Order } from "../../live/live.ts";
import { weigh } from "../../ui/weight.tsx";
import type { Weighing } from "../../ui/weight.tsx";

export interface Escalation extends Weighing {
  readonly level: Signal<"1" | "2">;
  readonly category: Signal<string>;
  readonly summary: Signal<string>;
  readonly rfc: Signal<string>;
  readonly evidence: Signal<string>;
}

export function beginEscalation(conversation: number): Escalation {
  return {
    ...weigh(),
    level: signal<"1" | "2">("2"),
    category: signal(""),
    summary: signal(""),
    rfc: signal(contextOf(conversation)?.conversation.visitor.rfc ?? ""),
    evidence: signal(""),
  };
}

export function isComplete({ category, summary, rfc, evidence }: Escalation): boolean {
  return [category, summary, rfc, evidence].every((field) => field.value.trim() !== "");
}

export function toOrder(conversation: number, form: Escalation): Extract<Order, { type: "escalate" }> {
  return {
    type: "escalate",
    conversation,
    severity: form.chosen.value ?? form.suggested.value,
    impact: form.impact.value,
    urgency: form.urgency.value,
    level: Number(form.level.value),
    category: form.category.value,
    summary: form.summary.value.trim(),
    rfc: none(form.rfc.value, t("none")),
    evidence: none(form.evidence.value, t("none_f")),
  };
}

/** The wire's word for "there is none", whatever the language of the screen. */
function none(text: string, word: string): string {
  return text.trim().toLowerCase() === word ? "none" : text.trim();
}

/** What the portal of a conversation sorts its tickets into. */
export function categoriesFor(conversation: number): readonly string[] {
  const portal = contextOf(conversation)?.conversation.portal;
  return desks.value.find(({ card }) => card.id === portal)?.card.categories ?? [];
}
