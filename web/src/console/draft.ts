/** The words in the composer, kept with their conversation at every key, and what becomes of them. */

import { useSignal, useSignalEffect } from "@preact/signals";
import type { Signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import type { Draft } from "../core/drafts.ts";
import { tell } from "../live/live.ts";
import { write } from "../live/outbox.ts";
import { drafts, draftsTouched, newAfter } from "./state.ts";
import { sayTyping, stopTyping } from "./typing.ts";

export const LIMIT = 4000;

interface Drafting {
  readonly draft: Signal<Draft>;
  readonly change: (next: Partial<Draft>) => void;
  /** Off they go; false when there is nothing, or too much, to send. */
  readonly submit: () => boolean;
}

export function useDraft(conversation: number): Drafting {
  const draft = useSignal(drafts.read(conversation));
  const change = (next: Partial<Draft>): void => {
    draft.value = { ...draft.value, ...next };
    drafts.write(conversation, draft.value);
    if (draft.value.note || draft.value.body === "") stopTyping(conversation, tell);
    else sayTyping(conversation, tell);
  };
  const submit = (): boolean => {
    const text = draft.value.body.trim();
    if (text === "" || text.length > LIMIT) return false;
    write(draft.value.note ? "add_note" : "send_message", conversation, text);
    newAfter.value = Infinity;
    change({ body: "", note: false });
    return true;
  };
  useSignalEffect(() => {
    draftsTouched.value; // Refused words came back.
    draft.value = drafts.read(conversation);
  });
  useLayoutEffect(() => () => stopTyping(conversation, tell), [conversation]);
  return { draft, change, submit };
}
