/** What a ticket has to do with another one: the same, after it, or because of it. */

import { useSignal } from "@preact/signals";
import type { LinkView, TicketView } from "../../../widget/src/core/wire.ts";
import { t } from "../core/words.ts";
import { Choice } from "../ui/choice.tsx";
import { FormDialog } from "../ui/dialog.tsx";
import { useOrder } from "../ui/order.ts";
import { FolioField } from "./folio-field.tsx";

const KINDS: readonly LinkView["kind"][] = ["duplicates", "follows", "causes"];

export function LinkDialog({ ticket, close }: { ticket: TicketView; close: () => void }) {
  const kind = useSignal<LinkView["kind"]>("duplicates");
  const other = useSignal("");
  const order = useOrder(close);
  return (
    <FormDialog
      written
      title={t("link.title")}
      confirm={t("link.confirm")}
      testid="link-dialog"
      busy={order.busy.value}
      disabled={other.value === ""}
      error={order.error.value}
      submit={() => {
        void order.submit({ type: "link_ticket", ticket: ticket.id, link: kind.value, other: Number(other.value) });
      }}
      close={close}
    >
      <Choice
        legend={t("link.kind")}
        options={KINDS.map((value) => ({ value, label: t(`link.${value}`) }))}
        value={kind.value}
        choose={(value) => (kind.value = value)}
      />
      <FolioField value={other} self={ticket.id} />
    </FormDialog>
  );
}
