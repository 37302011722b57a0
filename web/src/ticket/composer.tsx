/** A word to the client of a ticket, or a note to colleagues, with a file or without; the draft stays in this browser until
 *  the server has it. */

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { keep } from "../../../widget/src/core/storage.ts";
import { Drafts } from "../core/drafts.ts";
import type { Draft } from "../core/drafts.ts";
import { saySize } from "../core/files.ts";
import { sayRefusal } from "../core/reasons.ts";
import { KEYS } from "../core/shortcuts.ts";
import { t, tn } from "../core/words.ts";
import { failure, show } from "../live/notices.ts";
import { Icon } from "../ui/icon.tsx";
import { beginSaying, say } from "./saying.ts";

const LIMIT = 4000;
const NEAR = 200;
const drafts = new Drafts(keep("chatserver:staff:draft:ticket:"));

let focus: (note: boolean) => void = () => undefined;

/** For the keys: to where one writes, as an answer or as a note. */
export function focusComposer(note: boolean): void {
  focus(note);
}

export function TicketComposer({ ticket, folio }: { ticket: number; folio: string }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const { draft, change, file, busy, submit } = useSaying(ticket, folio);
  const { body, note } = draft.value;
  useLayoutEffect(() => {
    focus = (wanted) => {
      change({ note: wanted });
      area.current?.focus();
    };
    return () => (focus = () => undefined);
  }, [ticket]);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await submit()) area.current?.focus();
  };
  return (
    <form class={`composer ${note ? "is-note" : ""}`} data-testid="composer" onSubmit={(event) => void send(event)}>
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
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send(event);
        }}
      />
      {file.value && <Chosen file={file.value} busy={busy.value} drop={() => (file.value = null)} />}
      <div class="foot">
        <button type="button" class="button small" aria-pressed={note} onClick={() => change({ note: !note })}>
          {t("composer.note")} <kbd>{KEYS.note}</kbd>
        </button>
        <Attach choose={(chosen) => (file.value = chosen)} />
        <Left body={body} />
        <button
          type="submit"
          class="button primary"
          disabled={busy.value || (body.trim() === "" && !file.value) || body.length > LIMIT}
        >
          {t(busy.value && file.value ? "ticket.sending" : note ? "composer.save_note" : "composer.send")}
        </button>
      </div>
    </form>
  );
}

/** The draft, the file that goes with it, and whether they are under way. */
function useSaying(ticket: number, folio: string) {
  const draft = useSignal(drafts.read(ticket));
  const file = useSignal<File | null>(null);
  const busy = useSignal(false);
  const id = useRef(beginSaying());
  const change = (next: Partial<Draft>): void => {
    draft.value = { ...draft.value, ...next };
    drafts.write(ticket, draft.value);
  };
  const submit = async (): Promise<boolean> => {
    const text = draft.value.body.trim();
    if (busy.value || (text === "" && !file.value) || text.length > LIMIT) return false;
    busy.value = true;
    const code = await say({ ticket, folio, body: text, note: draft.value.note, file: file.value }, id.current);
    busy.value = false;
    if (code !== null) {
      show({ tone: "danger", title: failure("say_on_ticket"), text: `${sayRefusal(code)}. ${t("kept.ticket_draft")}` });
    } else {
      change({ body: "", note: false });
      file.value = null;
    }
    return true;
  };
  return { draft, change, file, busy, submit };
}

function Left({ body }: { body: string }) {
  const left = LIMIT - body.length;
  return (
    <span id="composer-left" class={left < 0 ? "left over" : "left"}>
      {left < 0 ? tn("composer.over", -left) : left <= NEAR ? tn("composer.left", left) : ""}
    </span>
  );
}

/** A button of our own: the browser's says things in the browser's language. */
function Attach({ choose }: { choose: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const take = (): void => {
    const [file] = input.current?.files ?? [];
    if (file) choose(file);
    if (input.current) input.current.value = ""; // The same file may be chosen again.
  };
  return (
    <>
      <input ref={input} type="file" hidden tabIndex={-1} data-testid="file-input" onChange={take} />
      <button type="button" class="button small attach" title={t("ticket.attach")} onClick={() => input.current?.click()}>
        <Icon name="clip" /> <span>{t("ticket.attach")}</span>
      </button>
    </>
  );
}

function Chosen({ file, busy, drop }: { file: File; busy: boolean; drop: () => void }) {
  return (
    <p class="chosen" data-testid="chosen-file">
      <Icon name="clip" />
      <span class="name">{file.name}</span>
      <span class="quiet">{saySize(file.size)}</span>
      <button
        type="button"
        class="button small bare"
        aria-label={t("ticket.drop_file", { name: file.name })}
        disabled={busy}
        onClick={drop}
      >
        <Icon name="close" />
      </button>
    </p>
  );
}
