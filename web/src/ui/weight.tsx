/** How heavy a case is: impact and urgency suggest the severity, and a person sets it. */

import { computed, signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { IMPACTS, SEVERITIES, URGENCIES, suggestSeverity } from "../core/severity.ts";
import type { Impact, Severity, Urgency } from "../core/severity.ts";
import { t } from "../core/words.ts";
import { SeverityBadge } from "./badge.tsx";
import { Choice } from "./choice.tsx";

export interface Weighing {
  readonly impact: Signal<Impact>;
  readonly urgency: Signal<Urgency>;
  readonly suggested: ReadonlySignal<Severity>;
  /** Null: as suggested. */
  readonly chosen: Signal<Severity | null>;
}

export function weigh(known: { readonly impact?: Impact | null; readonly urgency?: Urgency | null } = {}): Weighing {
  const impact = signal<Impact>(known.impact ?? "core");
  const urgency = signal<Urgency>(known.urgency ?? "medium");
  return {
    impact,
    urgency,
    suggested: computed(() => suggestSeverity(impact.value, urgency.value)),
    chosen: signal<Severity | null>(null),
  };
}

export function Weight({ form: { impact, urgency, suggested, chosen } }: { form: Weighing }) {
  const severity = chosen.value ?? suggested.value;
  const usual = `${suggested.value} ${t(`severity.${suggested.value}`)}`;
  return (
    <>
      <Choice
        legend={t("escalate.impact")}
        inline
        options={IMPACTS.map((value) => ({ value, label: t(`impact.${value}`) }))}
        value={impact.value}
        choose={(value) => (impact.value = value)}
      />
      <Choice
        legend={t("escalate.urgency")}
        inline
        options={URGENCIES.map((value) => ({ value, label: t(`urgency.${value}`) }))}
        value={urgency.value}
        choose={(value) => (urgency.value = value)}
      />
      <div>
        <Choice
          legend={t("escalate.severity")}
          inline
          options={SEVERITIES.map((value) => ({ value, label: <SeverityBadge severity={value} provisional={false} /> }))}
          value={severity}
          choose={(value) => (chosen.value = value === suggested.value ? null : value)}
        />
        <p class="hint" aria-live="polite">
          {t(severity === suggested.value ? "escalate.suggested" : "escalate.changed", { severity: usual })}
        </p>
      </div>
    </>
  );
}
