/** Before somebody goes with open conversations: what becomes of them. */

import { useSignal } from "@preact/signals";
import { t, tn } from "../core/words.ts";
import { inbox } from "../live/live.ts";
import { leave } from "../live/logout.ts";
import { Choice } from "./choice.tsx";
import { FormDialog } from "./dialog.tsx";
import { useOrder } from "./order.ts";

export function EndShiftDialog({ leaves, close }: { leaves: boolean; close: () => void }) {
  const conversations = useSignal<"return" | "stay">("return");
  const stays = leaves ? "shift.end_logout_stay" : "shift.end_stay";
  const order = useOrder(() => {
    close();
    if (leaves && conversations.value === "return") void leave();
  });
  return (
    <FormDialog
      title={t("shift.end_title")}
      hint={tn("shift.end_open", (inbox.value ?? []).length)}
      confirm={t("shift.end_confirm")}
      testid="end-shift-dialog"
      busy={order.busy.value}
      error={order.error.value}
      submit={() => void order.submit({ type: "set_state", state: "offline", conversations: conversations.value })}
      close={close}
    >
      <Choice
        legend={t("shift.end")}
        options={[
          { value: "return", label: t("shift.end_return"), hint: t("shift.end_return_hint") },
          { value: "stay", label: t(stays), hint: t(`${stays}_hint`) },
        ]}
        value={conversations.value}
        choose={(value) => (conversations.value = value)}
      />
      <p class="quiet">{t("shift.end_transfer_hint")}</p>
    </FormDialog>
  );
}
