/** Taking a ticket that nobody has: of two who reach for it one gets it, and the other is told. */

import { computed } from "@preact/signals";
import { sayRefusal } from "../core/reasons.ts";
import { t } from "../core/words.ts";
import { me, send } from "../live/live.ts";
import { failure, show } from "../live/notices.ts";
import { moves, ticket } from "../board/state.ts";

/** As the server would allow: one's own level's, and nobody's. */
export const mayClaim = computed(() => {
  const seen = ticket.value?.ticket;
  if (!seen || seen.owner !== null || seen.level !== me.value?.level) return false;
  return (moves.value ?? []).some(({ move }) => move === "set_owner");
});

export async function claim(): Promise<void> {
  const seen = ticket.peek()?.ticket;
  if (!seen) return;
  const reply = await send({ type: "claim_ticket", ticket: seen.id });
  if (reply.type === "refused") {
    show({ tone: "danger", title: failure("claim_ticket"), text: `${sayRefusal(reply.code)}.` });
  } else {
    show({ tone: "ok", title: t("done.claim_ticket", { folio: seen.folio }), text: "" });
  }
}
