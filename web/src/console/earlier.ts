/** Entries before those of the snapshot, asked for when somebody scrolls up to them. */

import { sayRefusal } from "../core/reasons.ts";
import { send, threadOf } from "../live/live.ts";
import { failure, show } from "../live/notices.ts";
import { earlier } from "./state.ts";

export async function loadEarlier(conversation: number): Promise<void> {
  const known = earlier.peek().get(conversation)?.entries ?? [];
  const first = known[0] ?? threadOf(conversation)?.entries[0];
  if (!first) return;
  const reply = await send({ type: "get_earlier", conversation, before: first.seq });
  if (reply.type === "refused") {
    show({ tone: "danger", title: failure("get_earlier"), text: `${sayRefusal(reply.code)}.` });
  } else if (reply.type === "earlier") {
    const entries = [...reply.entries, ...(earlier.peek().get(conversation)?.entries ?? [])];
    earlier.value = new Map(earlier.peek()).set(conversation, { entries, more: reply.earlier });
  }
}
