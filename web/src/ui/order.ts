/** One order out of a dialog: under way, refused with a reason that stays on the screen, or carried out. */

import { useSignal } from "@preact/signals";
import type { Reply } from "../../../widget/src/core/wire.ts";
import { sayRefusal } from "../core/reasons.ts";
import { send } from "../live/live.ts";
import type { Order } from "../live/live.ts";
import { failure } from "../live/notices.ts";

export function useOrder(done: (reply: Reply) => void) {
  const busy = useSignal(false);
  const error = useSignal<string | null>(null);
  const submit = async (order: Order): Promise<void> => {
    busy.value = true;
    error.value = null;
    const reply = await send(order);
    busy.value = false;
    if (reply.type === "refused") error.value = `${failure(order.type)} ${sayRefusal(reply.code)}.`;
    else done(reply);
  };
  return { busy, error, submit };
}
