/** Yes or no to an offered conversation. Yes is not a button: the first answer accepts, so "answer" leads to the composer. */

import { t } from "../core/words.ts";
import { carryOut } from "../live/notices.ts";
import { focusComposer } from "./focus.ts";
import { choose, chosen, offers } from "./state.ts";

export function answer(conversation: number): void {
  choose(conversation);
  focusComposer(conversation);
}

export async function decline(conversation: number): Promise<void> {
  const gone = await carryOut({ type: "decline_offer", conversation }, t("done.decline_offer"));
  if (gone && chosen.peek() === conversation) choose(null);
}

export function answerFirst(): void {
  const first = offers.value[0];
  if (first) answer(first.item.conversation);
}

/** The chosen one if it is an offer; never one that nobody looks at. */
export function declineChosen(): void {
  const offer = offers.value.find(({ item }) => item.conversation === chosen.value);
  if (offer) void decline(offer.item.conversation);
}
