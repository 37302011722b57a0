/** What a supervisor does with a conversation: read it, give it to somebody, take it, put it back in the queue. */

import { useSignal } from "@preact/signals";
import { assignable } from "../core/figures.ts";
import { t } from "../core/words.ts";
import { agents } from "../live/live.ts";
import { show } from "../live/notices.ts";
import { agentOption } from "../ui/agent-option.tsx";
import { Choice } from "../ui/choice.tsx";
import { FormDialog } from "../ui/dialog.tsx";
import { Empty } from "../ui/empty.tsx";
import { EndShiftDialog } from "../ui/end-shift.tsx";
import { useOrder } from "../ui/order.ts";
import { Reader } from "../ui/reader.tsx";
import { ReturnDialog } from "../ui/return-dialog.tsx";
import { dialog } from "./state.ts";
import type { Row } from "./state.ts";

const close = (): void => {
  dialog.value = null;
};

export function Dialogs() {
  const open = dialog.value;
  if (open === null) return null;
  const readPrevious = (conversation: number): void => {
    dialog.value = { name: "read_previous", conversation };
  };
  switch (open.name) {
    case "read":
      return <Reader key={open.row.id} conversation={open.row.id} close={close} seePrevious={readPrevious} />;
    case "read_previous":
      return <Reader key={open.conversation} conversation={open.conversation} close={close} seePrevious={readPrevious} />;
    case "assign":
      return <AssignDialog row={open.row} />;
    case "take":
      return <TakeDialog row={open.row} />;
    case "logout":
      return <EndShiftDialog leaves close={close} />;
    case "return":
      return <ReturnDialog conversation={open.row.id} close={close} />;
  }
}

function AssignDialog({ row }: { row: Row }) {
  const agent = useSignal<string | null>(null);
  const candidates = assignable(agents.value).filter(({ id }) => id !== row.owner?.id);
  const name = (): string => agents.value.find(({ id }) => String(id) === agent.value)?.name ?? "";
  const order = useOrder(() => {
    show({ tone: "ok", title: t("done.assign", { name: name() }), text: "" });
    close();
  });
  return (
    <FormDialog
      title={t("assign.title", { name: row.visitor })}
      hint={t("assign.hint")}
      confirm={t("assign.confirm")}
      testid="assign-dialog"
      busy={order.busy.value}
      disabled={agent.value === null}
      error={order.error.value}
      submit={() => void order.submit({ type: "assign", conversation: row.id, agent: Number(agent.value) })}
      close={close}
    >
      {candidates.length === 0 ? (
        <Empty title={t("assign.nobody")} hint={t("assign.nobody_hint")} />
      ) : (
        <Choice
          legend={t("transfer.to")}
          options={candidates.map(agentOption)}
          value={agent.value}
          choose={(value) => (agent.value = value)}
        />
      )}
    </FormDialog>
  );
}

function TakeDialog({ row }: { row: Row }) {
  const order = useOrder(() => {
    const link = { href: `/console#c${row.id}`, text: t("take.to_console") };
    show({ tone: "ok", title: t("done.take_over"), text: "", link });
    close();
  }, { no_room: "take.no_room" });
  return (
    <FormDialog
      title={t("take.title", { name: row.visitor })}
      confirm={t("take.confirm")}
      testid="take-dialog"
      busy={order.busy.value}
      error={order.error.value}
      submit={() => void order.submit({ type: "take_over", conversation: row.id })}
      close={close}
    >
      <p>{row.owner ? t("take.hint", { owner: row.owner.name }) : t("take.hint_nobody")}</p>
    </FormDialog>
  );
}
