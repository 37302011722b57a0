/** The shift: starting it wakes the sound and asks for notifications; ending it asks first what becomes of open chats. */

import { inbox, send } from "../live/live.ts";
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
  if (answer === "denied") show({ tone: "warn", title: t("alerts.denied"), text: t("alerts.denied_hint"), brief: true });
}

export function endShift(): void {
  if ((inbox.value ?? []).length > 0) dialog.value = "end_shift";
  else void setState("offline");
}
