/** "Is typing", at most every three seconds, and "has stopped" once. */

import type { Typing } from "../../../widget/src/core/wire.ts";

const EVERY_MS = 3000;

let typing: { readonly conversation: number; readonly at: number } | null = null;

type Tell = (frame: Typing) => void;

export function sayTyping(conversation: number, tell: Tell): void {
  const at = Date.now();
  if (typing?.conversation === conversation && at - typing.at < EVERY_MS) return;
  typing = { conversation, at };
  tell({ type: "typing", conversation, on: true });
}

export function stopTyping(conversation: number, tell: Tell): void {
  if (typing?.conversation !== conversation) return;
  typing = null;
  tell({ type: "typing", conversation, on: false });
}
