/** Keys to actions: one listener, and nothing fires while somebody types or answers a dialog. */

import { effect, signal } from "@preact/signals";
import { keep } from "../../../widget/src/core/storage.ts";
import { actionOf, takesText } from "../core/shortcuts.ts";
import type { Action } from "../core/shortcuts.ts";
import { act } from "./actions.tsx";
import { focusComposer } from "./focus.ts";
import { answerFirst, declineChosen } from "./offers.ts";
import { chooseNeighbour, chosenChat, dialog } from "./state.ts";

const shelf = keep("chatserver:staff:");

/** Bare letters, without Alt: on unless somebody switched them off. */
export const singleKeys = signal(shelf.get("single-keys") !== "off");

const DO: Readonly<Record<Action, () => void>> = {
  help: () => (dialog.value = "help"),
  next: () => chooseNeighbour(1),
  previous: () => chooseNeighbour(-1),
  offer: answerFirst,
  decline: declineChosen,
  reply: () => write(null),
  note: () => write(true),
  transfer: () => act("transfer"),
  return: () => act("return"),
  extend: () => act("extend"),
  escalate: () => act("escalate"),
  end: () => act("end"),
};

export function listenForKeys(): void {
  effect(() => shelf.set("single-keys", singleKeys.value ? "on" : "off"));
  addEventListener("keydown", (event) => {
    if (dialog.value !== null || event.defaultPrevented) return;
    const action = actionOf(event, typesInto(event.target), singleKeys.value);
    if (!action) return;
    event.preventDefault();
    DO[action]();
  });
}

function write(note: boolean | null): void {
  const chat = chosenChat.value;
  if (chat) focusComposer(chat.item.conversation, note);
}

function typesInto(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return takesText(target.tagName, target.getAttribute("type") ?? "", target.isContentEditable);
}
