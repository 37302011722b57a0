/** States and severities: a shape and a word, the colour only repeats it. */

import type { AgentView, ConversationPublic, TicketRow } from "../../../widget/src/core/wire.ts";
import { t } from "../core/words.ts";

export function ConversationBadge({ state }: { state: ConversationPublic["state"] }) {
  return (
    <span class="badge" data-state={state}>
      {t(`conversation_state.${state}`)}
    </span>
  );
}

export function AgentBadge({ state }: { state: AgentView["state"] }) {
  return (
    <span class="badge" data-state={state}>
      {t(`agent_state.${state}`)}
    </span>
  );
}

export function TicketBadge({ state }: { state: TicketRow["state"] }) {
  return (
    <span class="badge" data-state={state}>
      {t(`ticket_state.${state}`)}
    </span>
  );
}

export function SeverityBadge({ severity, provisional }: Pick<TicketRow, "severity" | "provisional">) {
  return (
    <span class="badge" data-severity={severity}>
      {severity} {t(`severity.${severity}`)}
      {provisional && ` (${t("context.provisional")})`}
    </span>
  );
}
