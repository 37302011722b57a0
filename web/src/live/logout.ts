/** Out of the door: off shift first, if the server answers in time; without it, the desk notices the silence itself. */

import { inbox, me, send } from "./live.ts";

const PATIENCE_MS = 1500;

/** For the form's submit: it goes off by itself when nothing is open; otherwise `ask` what becomes of it. */
export function logOut(event: SubmitEvent, ask: () => void): void {
  event.preventDefault();
  if ((inbox.value ?? []).length > 0) ask();
  else void leave();
}

export async function leave(): Promise<void> {
  if (me.value && me.value.state !== "offline") {
    const said = send({ type: "set_state", state: "offline" });
    await Promise.race([said, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  }
  document.querySelector<HTMLFormElement>("form[action='/logout']")?.submit();
}
