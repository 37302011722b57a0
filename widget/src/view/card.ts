/** What the moment asks of the client, as one card over the thread: wait, answer, decide. */

import { button, h } from "../kit.ts";
import { filled, texts } from "../locale.ts";
import { isOpen } from "../news.ts";
import type { Session } from "../session.ts";

/** What the client is in the middle of: asked whether to end, or leaving a message instead of waiting. */
export type Step = "talk" | "end" | "leave";
export type Act = Step | "here" | "5" | "4" | "3" | "2" | "1";

/** A title, a line or two, and perhaps what can be done and how it is called. */
export type Card = readonly [title: string, lines: readonly string[], ...acts: (readonly [act: Act, label: string])[]];

export function cardFor(session: Session, step: Step): Card | undefined {
  const conversation = session.snapshot?.conversation;
  if (!conversation) return;
  const { asked, state, message_offered } = conversation;
  if (state === "closed") return session.rated ? [texts.rated, []] : [texts.rate, [], ...scores()];
  if (!isOpen(conversation)) return;
  if (step === "end") return [texts["end.ask"], [], ["end", texts.end], ["talk", texts["end.no"]]];
  if (step === "leave") return [texts.leave, [texts["leave.text"]], ["talk", texts["leave.no"]]];
  if (asked) return [texts.asked, [texts["asked.text"]], ["here", texts["asked.yes"]]];
  if (state === "queued") return queued(session, message_offered);
  if (state === "offered") return [texts["head.offered"], [texts["queue.tip"]]];
  if (state === "wrap_up") return [texts["change.wrap_up"], [texts["wrap_up.text"]]];
  return;
}

/** From very well to very badly. */
const scores = () =>
  [
    ["5", texts["rate.5"]],
    ["4", texts["rate.4"]],
    ["3", texts["rate.3"]],
    ["2", texts["rate.2"]],
    ["1", texts["rate.1"]],
  ] as const;

function queued({ queue, shown }: Session, offered: boolean): Card {
  const known = queue?.conversation === shown ? queue : null;
  const position = known?.position;
  const place = position
    ? filled(texts["queue.place"], { position })
    : texts[known ? "queue.far" : "queue.queued"];
  const lines = known ? [range(known.wait)] : [];
  return offered ? [place, [...lines, texts.offer], ["leave", texts.leave]] : [place, [...lines, texts["queue.tip"]]];
}

/** Whole minutes, rounded so that the range never promises more than the server said. */
function range(wait: { readonly low: number; readonly high: number } | null): string {
  if (!wait) return texts["queue.unknown"];
  const [low, high] = [Math.floor(wait.low / 60), Math.ceil(wait.high / 60)];
  return filled(texts[low ? "queue.range" : "queue.upto"], { low, high });
}

export const cardView = ([title, lines, ...acts]: Card, act: (act: Act) => void): HTMLElement =>
  h(
    "section.card",
    h("b", title),
    ...lines.map((line) => h("p", line)),
    ...acts.map(([name, label]) => button(name === "talk" || +name ? "other" : "main", () => act(name), label)),
  );
