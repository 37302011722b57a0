/** Puts the cursor where the next word goes, at once: a key typed right after must land there, and in no other conversation. */

type Take = (note: boolean | null) => void;

let composer: { readonly conversation: number; readonly take: Take } | null = null;
let wish: { readonly conversation: number; readonly note: boolean | null } | null = null;

/** Into the composer of a conversation, now or as soon as it is drawn. `note`: switch to a note or an answer; null: as it is. */
export function focusComposer(conversation: number, note: boolean | null = null): void {
  if (composer?.conversation === conversation) composer.take(note);
  else wish = { conversation, note };
}

/** For the composer while it is on the screen; returns its undo. */
export function offerFocus(conversation: number, take: Take): () => void {
  const offered = { conversation, take };
  composer = offered;
  if (wish?.conversation === conversation) take(wish.note);
  wish = null;
  return () => {
    if (composer === offered) composer = null;
  };
}
