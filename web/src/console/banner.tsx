/** One line above the thread when something is expected of the agent, or no longer is. */

import type { Chat } from "../core/inbox.ts";
import { isOffer } from "../core/inbox.ts";
import { KEYS } from "../core/shortcuts.ts";
import { t } from "../core/words.ts";
import { carryOut } from "../live/notices.ts";
import { drafts } from "./state.ts";
import { decline } from "./offers.ts";

export function Banner({ chat, mine }: { chat: Chat; mine: boolean }) {
  const state = chat.thread?.conversation.state;
  if (!mine) return <Gone chat={chat} />;
  if (isOffer(chat)) return <Offer chat={chat} />;
  if (state === "wrap_up") return <WrapUp conversation={chat.item.conversation} />;
  const transfer = chat.context?.conversation.transfer;
  if (transfer) return <p class="banner">{t("context.transfer", { by: transfer.by, to: transfer.to })}</p>;
  return null;
}

function Offer({ chat }: { chat: Chat }) {
  const note = chat.context?.conversation.transfer?.note;
  return (
    <div class="banner act" data-testid="offer-banner">
      <p>
        {t("offer.banner")} {note}
      </p>
      <button type="button" class="button small" onClick={() => void decline(chat.item.conversation)}>
        {t("offer.decline")} <kbd>{KEYS.decline}</kbd>
      </button>
    </div>
  );
}

const ENDS = ["resolved", "unresolved", "spam"] as const;

function WrapUp({ conversation }: { conversation: number }) {
  return (
    <div class="banner act" data-testid="wrap-up-banner">
      <p>{t("wrap_up.banner")}</p>
      {ENDS.map((disposition) => (
        <button
          type="button"
          class="button small"
          key={disposition}
          onClick={() =>
            void carryOut(
              { type: "dispose", conversation, disposition },
              t("done.dispose", { disposition: t(`disposition.${disposition}`) }),
            )
          }
        >
          {t(`disposition.${disposition}`)}
        </button>
      ))}
    </div>
  );
}

function Gone({ chat }: { chat: Chat }) {
  const conversation = chat.thread?.conversation;
  const ticket = conversation?.ticket;
  return (
    <div class="banner" data-testid="gone-banner">
      <p>
        <strong>
          {conversation?.ended_at
            ? t("thread.ended", { state: t(`conversation_state.${conversation.state}`) })
            : t("thread.gone")}
          .
        </strong>{" "}
        {ticket ? (
          <a href={`/tickets/${ticket.folio}`}>{t("composer.in_ticket", { folio: ticket.folio })}</a>
        ) : (
          drafts.read(chat.item.conversation).body !== "" && t("thread.gone_hint")
        )}
      </p>
    </div>
  );
}
