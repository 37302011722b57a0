/** A ticket out of a conversation: impact and urgency suggest the severity, the rest is what level 2 would ask first. */

import { useComputed, useSignal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { TicketOpened } from "../../../../widget/src/core/wire.ts";
import { IMPACTS, SEVERITIES, URGENCIES, suggestSeverity } from "../../core/severity.ts";
import type { Impact, Severity, Urgency } from "../../core/severity.ts";
import { t } from "../../core/words.ts";
import { contextOf, desks } from "../../live/live.ts";
import { show } from "../../live/notices.ts";
import { SeverityBadge } from "../../ui/badge.tsx";
import { Choice } from "../../ui/choice.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { useOrder } from "../../ui/order.ts";

export function EscalateDialog({ conversation, close }: { conversation: number; close: () => void }) {
  const context = contextOf(conversation)?.conversation;
  const impact = useSignal<Impact>("core");
  const urgency = useSignal<Urgency>("medium");
  const chosen = useSignal<Severity | null>(null);
  const level = useSignal<"1" | "2">("2");
  const category = useSignal("");
  const summary = useSignal("");
  const rfc = useSignal(context?.visitor.rfc ?? "");
  const evidence = useSignal("");
  const suggested = useComputed(() => suggestSeverity(impact.value, urgency.value));
  const severity = chosen.value ?? suggested.value;
  const order = useOrder((reply) => {
    const { folio } = (reply as TicketOpened).ticket;
    show({ tone: "ok", title: t("done.escalate", { folio }), text: "", link: { href: `/tickets/${folio}`, text: t("done.see_ticket") } });
    close();
  });
  const submit = (): void =>
    void order.submit({
      type: "escalate",
      conversation,
      severity,
      impact: impact.value,
      urgency: urgency.value,
      level: Number(level.value),
      category: category.value,
      summary: summary.value.trim(),
      rfc: none(rfc.value, t("none")),
      evidence: none(evidence.value, t("none_f")),
    });
  const categories = desks.value.find(({ card }) => card.id === context?.portal)?.card.categories ?? [];
  return (
    <FormDialog
      wide
      title={t("escalate.title")}
      hint={t("escalate.hint")}
      confirm={t(level.value === "2" ? "escalate.confirm_2" : "escalate.confirm_1")}
      testid="escalate-dialog"
      written
      busy={order.busy.value}
      disabled={[category, summary, rfc, evidence].some((field) => field.value.trim() === "")}
      error={order.error.value}
      submit={submit}
      close={close}
    >
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
          {t(severity === suggested.value ? "escalate.suggested" : "escalate.changed", {
            severity: `${suggested.value} ${t(`severity.${suggested.value}`)}`,
          })}
        </p>
      </div>
      <div class="pair">
        <Choice
          legend={t("escalate.level")}
          options={(["2", "1"] as const).map((value) => ({ value, label: t(`escalate.level_${value}`) }))}
          value={level.value}
          choose={(value) => (level.value = value)}
        />
        <Category value={category} categories={categories} />
      </div>
      <Text label={t("escalate.summary")} hint={t("escalate.summary_hint")} value={summary} limit={4000} lines />
      <div class="pair">
        <Text label={t("escalate.rfc")} hint={t("escalate.rfc_hint")} value={rfc} limit={20} none={t("none")} />
        <Text label={t("escalate.evidence")} hint={t("escalate.evidence_hint")} value={evidence} limit={1000} none={t("none_f")} />
      </div>
    </FormDialog>
  );
}

/** The wire's word for "there is none", whatever the language of the screen. */
function none(text: string, word: string): string {
  return text.trim().toLowerCase() === word ? "none" : text.trim();
}

function Category({ value, categories }: { value: Signal<string>; categories: readonly string[] }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t("escalate.category")}</label>
      <select id={id} required value={value.value} onChange={(event) => (value.value = event.currentTarget.value)}>
        <option value="">{t("escalate.category_pick")}</option>
        {categories.map((category) => (
          <option key={category} value={category}>
            {category}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TextProps {
  readonly label: string;
  readonly hint: string;
  readonly value: Signal<string>;
  readonly limit: number;
  readonly lines?: boolean;
  readonly none?: string;
}

function Text({ label, hint, value, limit, lines, none: word }: TextProps) {
  const id = useId();
  const Tag = lines ? "textarea" : "input";
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <Tag
        id={id}
        required
        maxLength={limit}
        aria-describedby={`${id}-hint`}
        value={value.value}
        onInput={(event: Event) => (value.value = (event.currentTarget as HTMLInputElement).value)}
      />
      <p class="hint" id={`${id}-hint`}>
        {hint}{" "}
        {word && (
          <button type="button" class="put" onClick={() => (value.value = word)}>
            {t("escalate.fill_none", { word })}
          </button>
        )}
      </p>
    </div>
  );
}
