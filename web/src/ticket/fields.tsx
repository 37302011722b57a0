/** The fields a move asks for, each as what it is: words for the client or for us, a person, a moment, a cause. */

import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { TicketView } from "../../../widget/src/core/wire.ts";
import { PickField, TextField } from "../console/dialogs/fields.tsx";
import { TOLD, controlOf } from "../core/move-form.ts";
import { sayCode, t } from "../core/words.ts";
import { cityOf } from "../core/zones.ts";
import { zoneOf } from "../board/state.ts";
import { agents, desks, me } from "../live/live.ts";
import { AgentBadge } from "../ui/badge.tsx";
import { Choice } from "../ui/choice.tsx";
import { FolioField } from "./folio-field.tsx";

interface Props {
  readonly field: string;
  readonly value: Signal<string>;
  readonly ticket: TicketView;
}

export function labelOf(field: string): string {
  return sayCode(`field.${field}`) ?? field;
}

export function MoveField({ field, value, ticket }: Props) {
  switch (controlOf(field)) {
    case "category":
      return <Category value={value} portal={ticket.portal} />;
    case "owner":
      return <Owner value={value} level={ticket.level} />;
    case "cause":
      return <Cause value={value} />;
    case "moment":
      return <Moment label={labelOf(field)} value={value} zone={zoneOf(ticket.portal)} />;
    case "other":
      return <FolioField value={value} self={ticket.id} />;
    case "line":
      return <Words field={field} value={value} limit={field === "rfc" ? 20 : 100} />;
    default:
      return <Words field={field} value={value} limit={4000} lines />;
  }
}

/** Who will read it is said with every text. */
function Words({ field, value, limit, lines }: { field: string; value: Signal<string>; limit: number; lines?: boolean }) {
  const none = field === "rfc" ? t("none") : field === "evidence" ? t("none_f") : null;
  return (
    <TextField
      label={labelOf(field)}
      hint={t(TOLD.has(field) ? "field.told" : "field.inside")}
      value={value}
      limit={limit}
      {...(lines ? { lines } : {})}
      {...(none ? { none } : {})}
    />
  );
}

function Category({ value, portal }: { value: Signal<string>; portal: number }) {
  const categories = desks.value.find(({ card }) => card.id === portal)?.card.categories ?? [];
  const options = value.value === "" || categories.includes(value.value) ? categories : [value.value, ...categories];
  if (options.length === 0) return <TextField label={labelOf("category")} hint={t("field.inside")} value={value} limit={100} />;
  return <PickField label={labelOf("category")} pick={t("escalate.category_pick")} value={value} options={options} />;
}

/** The people of the ticket's level, oneself first. */
function Owner({ value, level }: { value: Signal<string>; level: number }) {
  const mine = me.value?.id;
  const people = agents.value
    .filter((agent) => agent.level === level)
    .sort((one, other) => Number(other.id === mine) - Number(one.id === mine) || one.name.localeCompare(other.name));
  return (
    <Choice
      legend={labelOf("owner")}
      options={people.map((agent) => ({
        value: String(agent.id),
        label: (
          <span class="agent-option">
            <b>{agent.name}</b>
            <AgentBadge state={agent.state} />
          </span>
        ),
      }))}
      value={value.value || null}
      choose={(person) => (value.value = person)}
    />
  );
}

const CAUSES = ["duplicate", "spam", "withdrawn"] as const;

function Cause({ value }: { value: Signal<string> }) {
  return (
    <Choice
      legend={labelOf("cause")}
      options={CAUSES.map((cause) => ({ value: cause, label: t(`cancel_cause.${cause}`), hint: t(`cancel_cause.${cause}_hint`) }))}
      value={CAUSES.find((cause) => cause === value.value) ?? null}
      choose={(cause) => (value.value = cause)}
    />
  );
}

/** Of the desk's clock, wherever this computer stands. */
function Moment({ label, value, zone }: { label: string; value: Signal<string>; zone: string | undefined }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="datetime-local"
        required
        aria-describedby={`${id}-hint`}
        value={value.value}
        onInput={(event) => (value.value = event.currentTarget.value)}
      />
      <p class="hint" id={`${id}-hint`}>
        {zone && t("field.zone", { city: cityOf(zone) })}
      </p>
    </div>
  );
}
