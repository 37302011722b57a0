/** Whether somebody can be looking. What arrives while nobody does is new when they come back. */

import { signal } from "@preact/signals";
import { newAfter } from "./state.ts";

export const visible = signal(document.visibilityState !== "hidden");

document.addEventListener("visibilitychange", () => {
  visible.value = document.visibilityState !== "hidden";
  if (!visible.value) newAfter.value = null;
});
