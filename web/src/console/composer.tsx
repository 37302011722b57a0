/** Where answers and notes are written: always in the same place, one draft a conversation, not a word lost. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { KEYS } from "../core/shortcuts.ts";
import { t, tn } from "../core/words.ts";
import { tell } from "../live/live.ts";
import { LIMIT, useDraft } from "./draft.ts";
import { offerFocus } from "./focus.ts";
import { stopTyping } from "./typing.ts";

/** From here on the room that is left is counted. */
const NEAR = 200;

export function Composer({ conversation }: { conversation: number }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const { draft, change, submit } = useDraft(conversation);
  const { body, note } = draft.value;
  useLayoutEffect(() => {
    return offerFocus(conversation, (wanted) => {
      if (wanted !== null) change({ note: wanted });
      area.current?.focus();
    });
  }, [conversation]);
  const send = (event: Event): void => {
    event.preventDefault();
    if (submit()) area.current?.focus();
  };
  return (
    <form class={`composer ${note ? "is-note" : ""}`} data-testid="composer" onSubmit={send}>
      <textarea
        ref={area}
        aria-label={t(note ? "composer.note_label" : "composer.label")}
        aria-describedby="composer-left"
        placeholder={t(note ? "composer.note_placeholder" : "composer.placeholder")}
        value={body}
        onInput={(event) => change({ body: event.currentTarget.value })}
        onBlur={() => stopTyping(conversation, tell)}
        onKeyDown={(event) => {
          if (event.key === "Escape") area.current?.blur();
          if (sends(event)) send(event);
        }}
      />
      <Foot note={note} length={body.length} blank={body.trim() === ""} toggle={() => change({ note: !note })} />
    </form>
  );
}

interface FootProps {
  readonly note: boolean;
  readonly length: number;
  readonly blank: boolean;
  readonly toggle: () => void;
}

function Foot({ note, length, blank, toggle }: FootProps) {
  const left = LIMIT - length;
  return (
    <div class="foot">
      <button type="button" class="button small" aria-pressed={note} onClick={toggle}>
        {t("composer.note")} <kbd>{KEYS.note}</kbd>
      </button>
      <span id="composer-left" class={left < 0 ? "left over" : "left"}>
        {left < 0 ? tn("composer.over", -left) : left <= NEAR ? tn("composer.left", left) : ""}
      </span>
      <button type="submit" class="button primary" disabled={blank || left < 0}>
        {t(note ? "composer.save_note" : "composer.send")}
      </button>
    </div>
  );
}

/** On a phone the key makes a line, as every phone's keyboard says; the button sends. */
function sends(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return false;
  return event.ctrlKey || event.metaKey || !matchMedia("(pointer: coarse)").matches;
}
