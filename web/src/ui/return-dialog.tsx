/** Back to the front of the queue, with a note for whoever gets it next. */

import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { t } from "../core/words.ts";
import { show } from "../live/notices.ts";
import { FormDialog } from "./dialog.tsx";
import { useOrder } from "./order.ts";

export function ReturnDialog({ conversation, close }: { conversation: number; close: () => void }) {
  const id = useId();
  const note = useSignal("");
  const order = useOrder(() => {
    show({ tone: "ok", title: t("done.return_to_queue"), text: "" });
    close();
  });
  return (
    <FormDialog
      title={t("return.title")}
      hint={t("return.hint")}
      confirm={t("return.confirm")}
      testid="return-dialog"
      written
      busy={order.busy.value}
      error={order.error.value}
      submit={() => void order.submit({ type: "return_to_queue", conversation, note: note.value.trim() })}
      close={close}
    >
      <div class="field">
        <label for={id}>{t("return.note")}</label>
        <textarea id={id} maxLength={1000} value={note.value} onInput={(event) => (note.value = event.currentTarget.value)} />
      </div>
    </FormDialog>
  );
}
