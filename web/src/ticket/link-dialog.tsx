/** What a ticket has to do with another one: the same, after it, or because of it. */

import { useSignal } from "@preact/signals";
import type { LinkView, TicketView } from "../../../widget/src/core/wire.ts";
import { TextField } from "../console/dialogs/fields.tsx";
import { t } from "../core/words.ts";
import { Choice } from "../ui/choice.tsx";
import { FormDialog } from "../ui/dialog.tsx";
import { useOrder } from "../ui/order.ts";
import { findFolio } from "../board/state.ts";

const KINDS: readonly LinkView["kind"][] = ["duplicates", "follows", "causes"];

export function LinkDialog({ ticket, close }: { ticket: TicketView; close: () => void }) {
  const kind = useSignal<LinkView["kind"]>("duplicates");
  const folio = useSignal("");
  const order = useOrder(close);
  const other = findFolio(folio.value);
  const usable = other !== null && other !== ticket.id;
  return (
    <FormDialog
      written
      title={t("link.title")}
      confirm={t("link.confirm")}
      testid="link-dialog"
      busy={order.busy.value}
      disabled={!usable}
      error={order.error.value}
      submit={() => {
        if (usable) void order.submit({ type: "link_ticket", ticket: ticket.id, link: kind.value, other });
      }}
      close={close}
    >
      <Choice
        legend={t("link.kind")}
        options={KINDS.map((value) => ({ value, label: t(`link.${value}`) }))}
        value={kind.value}
        choose={(value) => (kind.value = value)}
      />
      <TextField
        label={t("field.duplicate_of")}
        hint={t(folio.value !== "" && !usable ? "field.folio_unknown" : "field.folio_hint")}
        value={folio}
        limit={30}
      />
    </FormDialog>
  );
}
