/** How it went: each answer says what follows from it. */

import { useSignal } from "@preact/signals";
import { t } from "../../core/words.ts";
import { threadOf } from "../../live/live.ts";
import { show } from "../../live/notices.ts";
import { Choice } from "../../ui/choice.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { useOrder } from "../../ui/order.ts";

const ENDS = ["resolved", "unresolved", "spam", "later"] as const;

export function EndDialog({ conversation, close }: { conversation: number; close: () => void }) {
  const end = useSignal<(typeof ENDS)[number]>("resolved");
  const done = (): string =>
    end.value === "later" ? t("done.end_conversation") : t("done.dispose", { disposition: t(`disposition.${end.value}`) });
  const order = useOrder(() => {
    show({ tone: "ok", title: done(), text: "" });
    close();
  });
  const wrapsUp = threadOf(conversation)?.conversation.state === "wrap_up";
  const submit = (): void => {
    if (end.value === "later") void order.submit({ type: "end_conversation", conversation });
    else void order.submit({ type: "dispose", conversation, disposition: end.value });
  };
  return (
    <FormDialog
      title={t("end.title")}
      confirm={t("end.confirm")}
      testid="end-dialog"
      busy={order.busy.value}
      error={order.error.value}
      submit={submit}
      close={close}
    >
      <Choice
        legend={t("end.hint")}
        options={ENDS.filter((value) => value !== "later" || !wrapsUp).map((value) => ({
          value,
          label: t(`end.${value}`),
          hint: t(`end.${value}_hint`),
        }))}
        value={end.value}
        choose={(value) => (end.value = value)}
      />
    </FormDialog>
  );
}
