/** One order out of a dialog: under way, refused with a reason that stays on the screen, or carried out. */

import { useSignal } from "@preact/signals";
import type { Reply } from "../../../widget/src/core/wire.ts";
import { sayRefusal } from "../core/reasons.ts";
import { t } from "../core/words.ts";
import type { Key } from "../core/words.ts";
import { send } from "../live/live.ts";
import type { Order } from "../live/live.ts";
import { failure } from "../live/notices.ts";

/** `instead`: better words than the usual ones for some refusals, where it is plain who is meant. */
export function useOrder(done: (reply: Reply) => void, instead: Readonly<Record<string, Key>> = {}) {
  const busy = useSignal(false);
  const error = useSignal<string | null>(null);
  const submit = async (order: Order): Promise<void> => {
    busy.value = true;
    error.value = null;
    const reply = await send(order);
    busy.value = false;
    if (reply.type !== "refused") return done(reply);
    const words = instead[reply.code];
    error.value = `${failure(order.type)} ${words ? t(words) : sayRefusal(reply.code)}.`;
  };
  return { busy, error, submit };
}
