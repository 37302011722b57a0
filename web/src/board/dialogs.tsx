/** At most one dialog is open. */

import { sayCode, t } from "../core/words.ts";
import { LinkDialog } from "../ticket/link-dialog.tsx";
import { MoveDialog } from "../ticket/move-dialog.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { EndShiftDialog } from "../ui/end-shift.tsx";
import { dialog, moves, ticket } from "./state.ts";

const close = (): void => {
  dialog.value = null;
};

export function Dialogs() {
  const open = dialog.value;
  if (open?.name === "logout") return <EndShiftDialog leaves close={close} />;
  const seen = ticket.value?.ticket;
  if (open === null || !seen) return null;
  switch (open.name) {
    case "move":
      return <MoveDialog key={open.offer.move} ticket={seen} offer={open.offer} close={close} />;
    case "link":
      return <LinkDialog ticket={seen} close={close} />;
    case "moves":
      return <AllMoves />;
  }
}

/** Everything the process has for this person and state, each with where it leads. */
function AllMoves() {
  return (
    <Dialog title={t("move.all")} close={close} testid="moves-dialog">
      <ul class="moves">
        {(moves.value ?? []).map((offer) => (
          <li key={offer.move}>
            <button type="button" class="button" onClick={() => (dialog.value = { name: "move", offer })}>
              {sayCode(`process.move.${offer.move}`)}
            </button>
            <span class="quiet">{t(`ticket_state.${offer.to}`)}</span>
          </li>
        ))}
      </ul>
      <footer>
        <button type="button" class="button" onClick={close}>
          {t("close")}
        </button>
      </footer>
    </Dialog>
  );
}
