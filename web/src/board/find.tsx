/** A folio that a client has named leads to its ticket, on whatever board or none. */

import { useSignal } from "@preact/signals";
import { isFolio } from "../core/folio.ts";
import { sayRefusal } from "../core/reasons.ts";
import { t } from "../core/words.ts";
import { send } from "../live/live.ts";
import { failure, show } from "../live/notices.ts";
import { choose } from "./state.ts";

export function Find() {
  const text = useSignal("");
  const find = async (): Promise<void> => {
    const folio = text.value.trim();
    const code = isFolio(folio) ? await open(folio) : "bad_folio";
    if (code === null) text.value = "";
    else show({ tone: "danger", title: failure("find_ticket"), text: `${sayRefusal(code)}.` });
  };
  return (
    <form
      class="find"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        void find();
      }}
    >
      <input
        class="input"
        type="search"
        aria-label={t("board.find")}
        placeholder={t("board.find_hint")}
        maxLength={24}
        autocomplete="off"
        value={text.value}
        onInput={(event) => (text.value = event.currentTarget.value)}
      />
      <button type="submit" class="button small" disabled={text.value.trim() === ""}>
        {t("board.open")}
      </button>
    </form>
  );
}

async function open(folio: string): Promise<string | null> {
  const reply = await send({ type: "find_ticket", folio });
  if (reply.type === "refused") return reply.code;
  if (reply.type === "ticket_found") choose(reply.ticket);
  return null;
}
