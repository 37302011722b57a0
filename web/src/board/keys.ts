/** The console's keys, where a ticket has the same use for them: next, previous, reply, note; take, and more. */

import { keep } from "../../../widget/src/core/storage.ts";
import { actionOf, takesText } from "../core/shortcuts.ts";
import type { Action } from "../core/shortcuts.ts";
import { claim, mayClaim } from "../ticket/claim.ts";
import { focusComposer } from "../ticket/composer.tsx";
import { chooseNeighbour, dialog, moves } from "./state.ts";

/** An offer is what one takes, "more time" is at M: "more" here. */
const DO: Partial<Record<Action, () => void>> = {
  next: () => chooseNeighbour(1),
  previous: () => chooseNeighbour(-1),
  reply: () => focusComposer(false),
  note: () => focusComposer(true),
  offer: () => {
    if (mayClaim.value) void claim();
  },
  extend: () => {
    if (moves.value?.length) dialog.value = { name: "moves" };
  },
};

export function listenForKeys(): void {
  const single = keep("chatserver:staff:").get("single-keys") !== "off";
  addEventListener("keydown", (event) => {
    if (dialog.value !== null || event.defaultPrevented) return;
    const act = DO[actionOf(event, typesInto(event.target), single) ?? "help"];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function typesInto(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return takesText(target.tagName, target.getAttribute("type") ?? "", target.isContentEditable);
}
