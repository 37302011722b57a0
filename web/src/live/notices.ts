/** What just happened, in a corner: a success goes by itself, a refusal stays until it has been read. */

import { signal } from "@preact/signals";
import { sayRefusal } from "../core/reasons.ts";
import { sayCode, t } from "../core/words.ts";
import { send } from "./live.ts";
import type { Order } from "./live.ts";

export interface Notice {
  readonly id: number;
  readonly tone: "ok" | "warn" | "danger";
  /** What happened; then why, what was kept and what to do next. */
  readonly title: string;
  readonly text: string;
  readonly link?: { readonly href: string; readonly text: string };
  /** Goes by itself, as every success does. */
  readonly brief?: boolean;
}

const STAYS_MS = 8000;
let last = 0;

export const notices = signal<readonly Notice[]>([]);

export function show(notice: Omit<Notice, "id">): void {
  last += 1;
  const id = last;
  const same = (other: Notice): boolean => other.title === notice.title && other.text === notice.text;
  notices.value = [...notices.peek().filter((other) => !same(other)), { ...notice, id }].slice(-4);
  if (notice.tone === "ok" || notice.brief) setTimeout(() => dismiss(id), STAYS_MS);
}

export function dismiss(id: number): void {
  notices.value = notices.peek().filter((notice) => notice.id !== id);
}

/** Which order failed, in words. */
export function failure(type: Order["type"]): string {
  return sayCode(`failed.${type}`) ?? t("refused.unknown");
}

/** Carry out an order that has no form of its own: says how it went. Resolves with whether it was carried out. */
export async function carryOut(order: Order, done?: string): Promise<boolean> {
  const reply = await send(order);
  if (reply.type === "refused") {
    show({ tone: "danger", title: failure(order.type), text: `${sayRefusal(reply.code)}. ${t("kept.nothing_changed")}` });
    return false;
  }
  if (done) show({ tone: "ok", title: done, text: "" });
  return true;
}
