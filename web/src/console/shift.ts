/** The shift: starting it wakes the sound and asks for notifications; ending it asks first what becomes of open chats. */

import { inbox, me, send } from "../live/live.ts";
import type { Order } from "../live/live.ts";
import { failure, show } from "../live/notices.ts";
import { testSound } from "../live/sound.ts";
import { sayRefusal } from "../core/reasons.ts";
import { t } from "../core/words.ts";
import { dialog } from "./state.ts";

type SetState = Extract<Order, { type: "set_state" }>;

export async function setState(state: SetState["state"], conversations: SetState["conversations"] = null): Promise<boolean> {
  const reply = await send({ type: "set_state", state, conversations });
  if (reply.type !== "refused") return true;
  if (reply.code === "open_conversations") dialog.value = "end_shift";
  else show({ tone: "danger", title: failure("set_state"), text: `${sayRefusal(reply.code)}.` });
  return false;
}

/** Called from a click, which is what lets the browser sound and ask. */
export async function startShift(): Promise<void> {
  const asked = askForNotifications();
  await testSound();
  await Promise.all([asked, setState("online")]);
}

async function askForNotifications(): Promise<void> {
  if (!("Notification" in window)) return;
  const answer = Notification.permission === "default" ? await Notification.requestPermission() : Notification.permission;
  if (answer === "denied") show({ tone: "warn", title: t("alerts.denied"), text: "" });
}

export function endShift(): void {
  if ((inbox.value ?? []).length > 0) dialog.value = "end_shift";
  else void setState("offline");
}

/** The form goes off by itself when nothing is open; otherwise the dialog asks first and submits it again. */
export function logOut(event: SubmitEvent): void {
  event.preventDefault();
  if ((inbox.value ?? []).length > 0) dialog.value = "logout";
  else void leave(event.currentTarget as HTMLFormElement);
}

/** Off shift before out of the door, if the server answers in time; without it, the desk notices the silence itself. */
async function leave(form: HTMLFormElement): Promise<void> {
  if (me.value?.state !== "offline") {
    await Promise.race([setState("offline"), new Promise((resolve) => setTimeout(resolve, 1500))]);
  }
  form.submit();
}

export function submitLogout(): void {
  document.querySelector<HTMLFormElement>("form[action='/logout']")?.submit();
}
