/** To a person, a team or a level, with a note: the owner keeps it until it is accepted. */

import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { t } from "../../core/words.ts";
import { agents, contextOf, desks, me } from "../../live/live.ts";
import { show } from "../../live/notices.ts";
import { agentOption } from "../../ui/agent-option.tsx";
import { Choice } from "../../ui/choice.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { Empty } from "../../ui/empty.tsx";
import { useOrder } from "../../ui/order.ts";

type Kind = "agent" | "team" | "level";

const LEVELS = ["1", "2", "3"] as const;

export function TransferDialog({ conversation, close }: { conversation: number; close: () => void }) {
  const noteId = useId();
  const kind = useSignal<Kind>("agent");
  const target = useSignal<string | null>(null);
  const note = useSignal("");
  const order = useOrder(() => {
    show({ tone: "ok", title: t("done.transfer"), text: "" });
    close();
  });
  const submit = (): void => {
    const to = target.value;
    if (to === null) return;
    const whom = kind.value === "team" ? { team: to } : { [kind.value]: Number(to) };
    void order.submit({ type: "transfer", conversation, note: note.value.trim(), ...whom });
  };
  return (
    <FormDialog
      title={t("transfer.title")}
      hint={t("transfer.hint")}
      confirm={t("transfer.confirm")}
      testid="transfer-dialog"
      written
      busy={order.busy.value}
      disabled={target.value === null}
      error={order.error.value}
      submit={submit}
      close={close}
    >
      <Choice
        legend={t("transfer.to")}
        inline
        options={(["agent", "team", "level"] as const).map((value) => ({ value, label: t(`transfer.${value}`) }))}
        value={kind.value}
        choose={(value) => {
          kind.value = value;
          target.value = null;
        }}
      />
      <Targets kind={kind.value} conversation={conversation} value={target.value} choose={(value) => (target.value = value)} />
      <div class="field">
        <label for={noteId}>{t("transfer.note")}</label>
        <textarea id={noteId} maxLength={1000} value={note.value} onInput={(event) => (note.value = event.currentTarget.value)} />
        <p class="hint">{t("transfer.note_hint")}</p>
      </div>
    </FormDialog>
  );
}

interface TargetsProps {
  readonly kind: Kind;
  readonly conversation: number;
  readonly value: string | null;
  readonly choose: (value: string) => void;
}

function Targets({ kind, conversation, value, choose }: TargetsProps) {
  const legend = t(`transfer.${kind}`);
  if (kind === "level") {
    const options = LEVELS.map((level) => ({ value: level, label: t(`level.${level}`) }));
    return <Choice legend={legend} options={options} value={value as "1"} choose={choose} />;
  }
  if (kind === "team") {
    const portal = contextOf(conversation)?.conversation.portal;
    const teams = desks.value.find(({ card }) => card.id === portal)?.card.teams ?? [];
    return <Choice legend={legend} options={teams.map((team) => ({ value: team, label: team }))} value={value} choose={choose} />;
  }
  const others = agents.value
    .filter((agent) => agent.id !== me.value?.id && agent.state !== "offline")
    .sort((one, other) => one.name.localeCompare(other.name));
  if (others.length === 0) return <Empty title={t("transfer.nobody")} hint={t("transfer.nobody_hint")} />;
  return <Choice legend={legend} options={others.map(agentOption)} value={value} choose={choose} />;
}
