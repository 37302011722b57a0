/** A word to the client of a ticket, or a note to colleagues; the draft stays in this browser until the server has it. */

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { newId } from "../../../widget/src/core/ids.ts";
import { keep } from "../../../widget/src/core/storage.ts";
import { Drafts } from "../core/drafts.ts";
import type { Draft } from "../core/drafts.ts";
import { sayRefusal } from "../core/reasons.ts";
import { KEYS } from "../core/shortcuts.ts";
import { t, tn } from "../core/words.ts";
import { send } from "../live/live.ts";
import { failure, show } from "../live/notices.ts";

const LIMIT = 4000;
const NEAR = 200;
const drafts = new Drafts(keep("chatserver:staff:draft:ticket:"));

let focus: (note: boolean) => void = () => undefined;

/** For the keys: to where one writes, as an answer or as a note. */
export function focusComposer(note: boolean): void {
  focus(note);
}

export function TicketComposer({ ticket }: { ticket: number }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const draft = useSignal(drafts.read(ticket));
  const busy = useSignal(false);
  const { body, note } = draft.value;
  const change = (next: Partial<Draft>): void => {
    draft.value = { ...draft.value, ...next };
    drafts.write(ticket, draft.value);
  };
  useLayoutEffect(() => {
    focus = (wanted) => {
      change({ note: wanted });
      area.current?.focus();
    };
    return () => (focus = () => undefined);
  }, [ticket]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const text = body.trim();
    if (busy.value || text === "" || text.length > LIMIT) return;
    busy.value = true;
    const reply = await send({ type: "say_on_ticket", ticket, client_message_id: newId(), body: text, note });
    busy.value = false;
    if (reply.type === "refused") {
      show({ tone: "danger", title: failure("say_on_ticket"), text: `${sayRefusal(reply.code)}. ${t("kept.ticket_draft")}` });
    } else {
      change({ body: "", note: false });
    }
    area.current?.focus();
  };
  const left = LIMIT - body.length;
  return (
    <form class={`composer ${note ? "is-note" : ""}`} data-testid="composer" onSubmit={(event) => void submit(event)}>
      <textarea
        ref={area}
        readOnly={busy.value}
        aria-label={t(note ? "composer.note_label" : "composer.label")}
        aria-describedby="composer-left"
        placeholder={t(note ? "composer.note_placeholder" : "ticket.placeholder")}
        value={body}
        onInput={(event) => change({ body: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === "Escape") area.current?.blur();
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit(event);
        }}
      />
      <div class="foot">
        <button type="button" class="button small" aria-pressed={note} onClick={() => change({ note: !note })}>
          {t("composer.note")} <kbd>{KEYS.note}</kbd>
        </button>
        <span id="composer-left" class={left < 0 ? "left over" : "left"}>
          {left < 0 ? tn("composer.over", -left) : left <= NEAR ? tn("composer.left", left) : ""}
        </span>
        <button type="submit" class="button primary" disabled={busy.value || body.trim() === "" || left < 0}>
          {t(note ? "composer.save_note" : "composer.send")}
        </button>
      </div>
    </form>
  );
}
