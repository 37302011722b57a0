/** A ticket out of a conversation: impact and urgency suggest the severity, the rest is what level 2 would ask first. */

import { useMemo } from "preact/hooks";
import type { Reply } from "../../../../widget/src/core/wire.ts";
import { t } from "../../core/words.ts";
import { show } from "../../live/notices.ts";
import { Choice } from "../../ui/choice.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { useOrder } from "../../ui/order.ts";
import { Weight } from "../../ui/weight.tsx";
import { beginEscalation, categoriesFor, isComplete, toOrder } from "./escalation.ts";
import type { Escalation } from "./escalation.ts";
import { PickField, TextField } from "./fields.tsx";

export function EscalateDialog({ conversation, close }: { conversation: number; close: () => void }) {
  const form = useMemo(() => beginEscalation(conversation), [conversation]);
  const order = useOrder((reply) => {
    tellFolio(reply);
    close();
  });
  return (
    <FormDialog
      wide
      written
      title={t("escalate.title")}
      hint={t("escalate.hint")}
      confirm={t(form.level.value === "2" ? "escalate.confirm_2" : "escalate.confirm_1")}
      testid="escalate-dialog"
      busy={order.busy.value}
      disabled={!isComplete(form)}
      error={order.error.value}
      submit={() => void order.submit(toOrder(conversation, form))}
      close={close}
    >
      <Weight form={form} />
      <Case form={form} categories={categoriesFor(conversation)} />
    </FormDialog>
  );
}

function tellFolio(reply: Reply): void {
  if (reply.type !== "ticket_opened") return;
  const { folio } = reply.ticket;
  const link = { href: `/tickets/${folio}`, text: t("done.see_ticket") };
  show({ tone: "ok", title: t("done.escalate", { folio }), text: "", link });
}

function Case({ form, categories }: { form: Escalation; categories: readonly string[] }) {
  const { level, category, summary, rfc, evidence } = form;
  return (
    <>
      <div class="pair">
        <Choice
          legend={t("escalate.level")}
          options={(["2", "1"] as const).map((value) => ({ value, label: t(`escalate.level_${value}`) }))}
          value={level.value}
          choose={(value) => (level.value = value)}
        />
        <PickField label={t("escalate.category")} pick={t("escalate.category_pick")} value={category} options={categories} />
      </div>
      <TextField label={t("escalate.summary")} hint={t("escalate.summary_hint")} value={summary} limit={4000} lines />
      <div class="pair">
        <TextField label={t("escalate.rfc")} hint={t("escalate.rfc_hint")} value={rfc} limit={20} none={t("none")} />
        <TextField
          label={t("escalate.evidence")}
          hint={t("escalate.evidence_hint")}
          value={evidence}
          limit={1000}
          none={t("none_f")}
        />
      </div>
    </>
  );
}
