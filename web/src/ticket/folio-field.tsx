/** Another ticket, by its folio: what it is about is shown before anything is done with it. */

import { useSignal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { TicketFound } from "../../../widget/src/core/wire.ts";
import { isFolio } from "../core/folio.ts";
import { t } from "../core/words.ts";
import { send } from "../live/live.ts";
import { TicketBadge } from "../ui/badge.tsx";

interface Props {
  /** The other ticket's id, as text; blank while there is none. */
  readonly value: Signal<string>;
  /** The ticket that this is about: it has nothing to do with itself. */
  readonly self: number;
}

export function FolioField({ value, self }: Props) {
  const id = useId();
  const text = useSignal("");
  const found = useSignal<TicketFound | null>(null);
  const problem = useSignal(false);
  const look = async (typed: string): Promise<void> => {
    text.value = typed;
    value.value = "";
    found.value = null;
    problem.value = false;
    const folio = typed.trim();
    if (!isFolio(folio)) return;
    const reply = await send({ type: "find_ticket", folio });
    if (text.value.trim() !== folio) return; // Somebody went on typing.
    const usable = reply.type === "ticket_found" && reply.ticket !== self ? reply : null;
    found.value = usable;
    value.value = usable ? String(usable.ticket) : "";
    problem.value = usable === null;
  };
  return (
    <div class="field">
      <label for={id}>{t("field.duplicate_of")}</label>
      <input
        id={id}
        required
        maxLength={24}
        autocomplete="off"
        aria-describedby={`${id}-hint`}
        aria-invalid={problem.value}
        value={text.value}
        onInput={(event) => void look(event.currentTarget.value)}
      />
      <p class={problem.value ? "error" : "hint"} id={`${id}-hint`} aria-live="polite">
        {problem.value ? t("field.folio_unknown") : found.value ? <Found ticket={found.value} /> : t("field.folio_hint")}
      </p>
    </div>
  );
}

function Found({ ticket: { visitor, summary, state } }: { ticket: TicketFound }) {
  return (
    <>
      <b>{visitor}</b> {summary} <TicketBadge state={state} />
    </>
  );
}
