/** What can be done with a conversation, each with its key; what cannot be done now is not there. */

import type { Chat } from "../core/inbox.ts";
import { isOffer } from "../core/inbox.ts";
import { KEYS } from "../core/shortcuts.ts";
import type { Action } from "../core/shortcuts.ts";
import { t } from "../core/words.ts";
import { carryOut } from "../live/notices.ts";
import { chosenChat, dialog } from "./state.ts";

type Deed = Extract<Action, "transfer" | "return" | "extend" | "escalate" | "end">;

const DEEDS: readonly Deed[] = ["transfer", "return", "extend", "escalate", "end"];

/** What the server would allow: an offer is answered or declined first, and what is under way to somebody else waits for them. */
export function canDo(deed: Deed, chat: Chat): boolean {
  const state = chat.thread?.conversation.state;
  if (isOffer(chat) || chat.item.kind === "transfer") return false;
  if (state === "wrap_up") return deed === "end" || deed === "escalate";
  if (deed === "extend" && chat.context?.conversation.extended) return false;
  return state === "active" || (state === "offered" && deed === "return");
}

/** Does it at once, or opens the dialog that asks how. */
export function act(deed: Deed): void {
  const chat = chosenChat.value;
  if (!chat || !canDo(deed, chat)) return;
  if (deed !== "extend") dialog.value = deed;
  else void carryOut({ type: "extend", conversation: chat.item.conversation }, t("done.extend"));
}

export function ActionBar({ chat }: { chat: Chat }) {
  const deeds = DEEDS.filter((deed) => canDo(deed, chat));
  if (deeds.length === 0) return null;
  return (
    <div class="actions" role="toolbar" aria-label={t("action.label")}>
      {deeds.map((deed) => (
        <button type="button" class="button small" key={deed} onClick={() => act(deed)} aria-keyshortcuts={`Alt+${KEYS[deed]}`}>
          {t(`action.${deed}`)} <kbd aria-hidden="true">{KEYS[deed]}</kbd>
        </button>
      ))}
    </div>
  );
}
