/** What happened to a ticket, the newest first: who did what, where it led, why, and what the client was told. */

import type { StepView, TicketView } from "../../../widget/src/core/wire.ts";
import { sayCode, t } from "../core/words.ts";
import { Part } from "../ui/details.tsx";
import { Ago } from "../ui/times.tsx";
import { Written } from "./written.tsx";

interface Props {
  readonly steps: readonly StepView[];
  readonly ticket: TicketView;
}

export function History({ steps, ticket }: Props) {
  return (
    <Part title={t("history.title")} testid="history">
      <ol class="steps">
        {[...steps].reverse().map((step) => (
          <Step key={step.number} step={step} ticket={ticket} />
        ))}
      </ol>
    </Part>
  );
}

function Step({ step, ticket }: { step: StepView; ticket: TicketView }) {
  return (
    <li>
      <p class="spread">
        <b>{sayStep(step)}</b> <Ago at={step.at} />
      </p>
      <p class="quiet">
        {step.by || t("thread.system")}
        {step.before !== step.after && ` · ${t(`ticket_state.${step.after}`)}`}
        {step.overrides && ` · ${t("history.overrides")}`}
      </p>
      {step.reason && <p>{step.reason}</p>}
      <Written step={step} links={ticket.links} />
      {step.notice && <p class="told">{t("history.told", { what: t(`process.notice.${step.notice}`) })}</p>}
      {step.task && <p class="quiet">{sayCode(`process.task.${step.task}`)}</p>}
    </li>
  );
}

function sayStep({ kind, move, details }: StepView): string {
  if (kind === "move") return (move && sayCode(`process.move.${move}`)) ?? t("reason.unknown");
  if (kind === "tagged") return t(details["external_cause"] ? "history.tagged" : "history.untagged");
  return t(`history.${kind}`);
}
