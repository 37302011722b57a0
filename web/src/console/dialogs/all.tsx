/** At most one dialog is open; which one is a signal, so that a key, a button and a refusal can all open it. */

import { contextOf } from "../../live/live.ts";
import { EndShiftDialog } from "../../ui/end-shift.tsx";
import { Reader } from "../../ui/reader.tsx";
import { ReturnDialog } from "../../ui/return-dialog.tsx";
import { chosen, dialog } from "../state.ts";
import { EndDialog } from "./end.tsx";
import { EscalateDialog } from "./escalate.tsx";
import { HelpDialog } from "./help.tsx";
import { TransferDialog } from "./transfer.tsx";

const close = (): void => {
  dialog.value = null;
};

export function Dialogs() {
  const name = dialog.value;
  if (name === "help") return <HelpDialog close={close} />;
  if (name === "end_shift" || name === "logout") return <EndShiftDialog leaves={name === "logout"} close={close} />;
  const conversation = chosen.value;
  if (name === null || conversation === null) return null;
  if (name === "transfer") return <TransferDialog conversation={conversation} close={close} />;
  if (name === "return") return <ReturnDialog conversation={conversation} close={close} />;
  if (name === "end") return <EndDialog conversation={conversation} close={close} />;
  if (name === "escalate") return <EscalateDialog conversation={conversation} close={close} />;
  const previous = contextOf(conversation)?.conversation.previous ?? null;
  return previous === null ? null : <Reader conversation={previous} close={close} seePrevious={close} />;
}
