/** Puts the cursor where the next word goes, after the pane that holds it has been drawn. */

import { signal } from "@preact/signals";

/** What the composer is asked for from outside: a note or an answer. Each request is a new object. */
export const asked = signal<{ readonly note: boolean | null } | null>(null);

export function focusComposer(note: boolean | null = null): void {
  asked.value = { note };
}
