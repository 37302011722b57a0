/** What happened to a ticket, the newest first: who did what, where it led, why, and what the client was told. */

import type { StepView } from "../../../widget/src/core/wire.ts";
import { sayCode, t } from "../core/words.ts";
import { Part } from "../ui/details.tsx";
import { Ago } from "../ui/times.tsx";
import { labelOf } from "./fields.tsx";

export function History({ steps }: { steps: readonly StepView[] }) {
  return (
    <Part title={t("history.title")} testid="history">
      <ol class="steps">
        {[...steps].reverse().map((step) => (
          <li key={step.number}>
            <p class="spread">
              <b>{sayStep(step)}</b> <Ago at={step.at} />
            </p>
            <p class="quiet">
              {step.by || t("thread.system")}
              {step.before !== step.after && ` · ${t(`ticket_state.${step.after}`)}`}
              {step.overrides && ` · ${t("history.overrides")}`}
            </p>
            {step.reason && <p>{step.reason}</p>}
            <Written step={step} />
            {step.notice && <p class="told">{t("history.told", { what: t(`process.notice.${step.notice}`) })}</p>}
          </li>
        ))}
      </ol>
    </Part>
  );
}

function sayStep({ kind, move }: StepView): string {
  if (kind === "move") return (move && sayCode(`process.move.${move}`)) ?? t("reason.unknown");
  return t(`history.${kind}`);
}

/** What was filled in, apart from what the thread or the reason says already. */
const SAID = new Set(["reason", "solution", "message", "question"]);

function Written({ step: { kind, details } }: { step: StepView }) {
  if (kind !== "move") return null;
  const written = Object.entries(details).filter(([field, value]) => !SAID.has(field) && typeof value === "string" && value !== "");
  if (written.length === 0) return null;
  return (
    <p class="quiet">
      {written.map(([field, value]) => `${labelOf(field)}: ${value === "none" ? t(field === "evidence" ? "none_f" : "none") : value}`).join(" · ")}
    </p>
  );
}
