/** What the moment asks of the client, as one card over the thread: wait, answer, decide. */

import { isOpen } from "../news.ts";
import type { Session } from "../session.ts";
import { t } from "../locale.ts";
import type { Text } from "../locale.ts";
import { button, h } from "./dom.ts";
import type { Keyed } from "./dom.ts";

/** What the client is in the middle of: asked whether to end, or leaving a message instead of waiting. */
export type Step = "talk" | "end" | "leave";
export type Act = "end" | "leave" | "talk" | "here";

export interface Card extends Keyed {
  readonly title: string;
  readonly lines: readonly string[];
  readonly acts: readonly (readonly [act: Act, label: Text])[];
}

export function cardFor(session: Session, step: Step): Card | null {
  const conversation = session.snapshot?.conversation;
  if (!conversation || !isOpen(conversation)) return null;
  if (step === "end") return card(t("end.ask"), [], ["end", "end"], ["talk", "end.no"]);
  if (step === "leave") return card(t("leave"), [t("leave.text")], ["talk", "leave.no"]);
  if (conversation.asked) return card(t("asked"), [t("asked.text")], ["here", "asked.yes"]);
  if (conversation.state === "queued") return queued(session, conversation.message_offered);
  if (conversation.state === "offered") return card(t("head.offered"), [t("queue.tip")]);
  if (conversation.state === "wrap_up") return card(t("change.wrap_up"), [t("wrap_up.text")]);
  return null;
}

function queued({ queue, shown }: Session, offered: boolean): Card {
  const known = queue?.conversation === shown ? queue : null;
  const position = known?.position;
  const place = position ? t("queue.place", { position }) : t(known ? "queue.far" : "queue.queued");
  const lines = known ? [range(known.wait)] : [];
  return offered ? card(place, [...lines, t("offer")], ["leave", "leave"]) : card(place, [...lines, t("queue.tip")]);
}

/** Whole minutes, rounded so that the range never promises more than the server said. */
function range(wait: { readonly low: number; readonly high: number } | null): string {
  if (!wait) return t("queue.unknown");
  const [low, high] = [Math.floor(wait.low / 60), Math.ceil(wait.high / 60)];
  return low ? t("queue.range", { low, high }) : t("queue.upto", { high });
}

const card = (title: string, lines: string[], ...acts: Card["acts"]): Card => ({ key: title, title, lines, acts });

export function cardView({ title, lines, acts }: Card, act: (act: Act) => void): HTMLElement {
  return h(
    "section.card",
    {},
    h("b", {}, title),
    ...lines.map((line) => h("p", {}, line)),
    h("div", {}, ...acts.map(([name, label]) => button(name === "talk" ? "other" : "main", () => act(name), t(label)))),
  );
}
