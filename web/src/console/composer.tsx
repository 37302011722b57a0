/** Where answers and notes are written: always in the same place, one draft a conversation, not a word lost. */

import { useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { KEYS } from "../core/shortcuts.ts";
import { t, tn } from "../core/words.ts";
import { tell } from "../live/live.ts";
import { write } from "../live/outbox.ts";
import { asked } from "./focus.ts";
import { drafts, draftsTouched, newAfter } from "./state.ts";
import { sayTyping, stopTyping } from "./typing.ts";

const LIMIT = 4000;
const NEAR_LIMIT = 3800;

export function Composer({ conversation }: { conversation: number }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const draft = useSignal(drafts.read(conversation));
  const { body, note } = draft.value;
  const left = LIMIT - body.length;
  const label = t(note ? "composer.note_label" : "composer.label");

  const change = (next: Partial<typeof draft.value>): void => {
    draft.value = { ...draft.value, ...next };
    drafts.write(conversation, draft.value);
    if (draft.value.note || draft.value.body === "") stopTyping(conversation, tell);
    else sayTyping(conversation, tell);
  };

  const submit = (): void => {
    const text = draft.value.body.trim();
    if (text === "" || text.length > LIMIT) return;
    write(draft.value.note ? "add_note" : "send_message", conversation, text);
    newAfter.value = Infinity;
    change({ body: "", note: false });
    area.current?.focus();
  };

  // Another conversation, or words that came back from a refusal.
  useSignalEffect(() => {
    draftsTouched.value;
    draft.value = drafts.read(conversation);
  });
  useLayoutEffect(() => () => stopTyping(conversation, tell), [conversation]);
  useSignalEffect(() => {
    const wish = asked.value;
    if (!wish) return;
    asked.value = null;
    if (wish.note !== null) change({ note: wish.note });
    area.current?.focus();
  });

  return (
    <form
      class={`composer ${note ? "is-note" : ""}`}
      data-testid="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={area}
        aria-label={label}
        aria-describedby="composer-left"
        placeholder={t(note ? "composer.note_placeholder" : "composer.placeholder")}
        value={body}
        onInput={(event) => change({ body: event.currentTarget.value })}
        onBlur={() => stopTyping(conversation, tell)}
        onKeyDown={(event) => {
          if (event.key === "Escape") area.current?.blur();
          if (!sends(event)) return;
          event.preventDefault();
          submit();
        }}
      />
      <div class="foot">
        <button type="button" class="button small" aria-pressed={note} onClick={() => change({ note: !note })}>
          {t("composer.note")} <kbd>{KEYS.note}</kbd>
        </button>
        <span id="composer-left" class={left < 0 ? "left over" : "left"}>
          {left < 0 ? tn("composer.over", -left) : left <= LIMIT - NEAR_LIMIT ? tn("composer.left", left) : ""}
        </span>
        <button type="submit" class="button primary" disabled={body.trim() === "" || left < 0}>
          {t(note ? "composer.save_note" : "composer.send")}
        </button>
      </div>
    </form>
  );
}

/** On a phone the key makes a line, as every phone's keyboard says; the button sends. */
function sends(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return false;
  return event.ctrlKey || event.metaKey || !matchMedia("(pointer: coarse)").matches;
}
