/** The agent console: starts the clock, the connection, keys and alerts, and draws three panes. */

import { effect } from "@preact/signals";
import { render } from "preact";
import { t, setLocale } from "../core/words.ts";
import { sayRefusal } from "../core/reasons.ts";
import { startClock } from "../live/clock.ts";
import { me, start } from "../live/live.ts";
import { failure, show } from "../live/notices.ts";
import { openOutbox, settle } from "../live/outbox.ts";
import type { Written } from "../live/outbox.ts";
import { sound, wakeOnGesture } from "../live/sound.ts";
import { LineBanner } from "../ui/line.tsx";
import { Notices } from "../ui/notices.tsx";
import { announcement, hearLoss, hearMessage, watchOffers } from "./alerts.ts";
import { ContextPane } from "./context.tsx";
import { ConversationPane } from "./conversation.tsx";
import { Dialogs } from "./dialogs/all.tsx";
import { ConsoleHead } from "./head.tsx";
import { listenForKeys } from "./keys.ts";
import { List } from "./list.tsx";
import { chosen, drafts, draftsTouched, followAddress, followInbox, pane } from "./state.ts";

function Console() {
  return (
    <div class="console" data-pane={pane.value} data-chosen={chosen.value !== null}>
      <ConsoleHead />
      <LineBanner />
      <main class="panes">
        <h1 class="visually-hidden">{t("app.console")}</h1>
        <List />
        <ConversationPane />
        <ContextPane />
      </main>
      <Notices />
      <p class="visually-hidden" aria-live="polite" data-testid="announcement">
        {announcement.value}
      </p>
      <Dialogs />
    </div>
  );
}

/** Refused words go back to the box, before whatever was written since. */
function giveBack({ conversation, body, type }: Written, { code }: { readonly code: string }): void {
  const draft = drafts.read(conversation);
  const words = draft.body === "" ? body : `${body}\n\n${draft.body}`;
  drafts.write(conversation, { body: words, note: type === "add_note" });
  draftsTouched.value += 1;
  show({ tone: "danger", title: failure(type), text: `${sayRefusal(code)}. ${t("kept.draft")}` });
}

const app = document.getElementById("app");
if (app) {
  document.documentElement.lang = setLocale(app.dataset["locale"]);
  startClock();
  followAddress();
  start((frame) => {
    if (frame.type === "message_sent") settle(frame.entry.client_message_id);
    if (frame.type === "staff_welcome") {
      openOutbox(frame.agent.id, giveBack);
      if (frame.agent.state !== "offline" && sound.value === "off") wakeOnGesture();
    }
    hearMessage(frame);
    hearLoss(frame);
  });
  followInbox();
  watchOffers();
  listenForKeys();
  effect(() => void (document.body.dataset["state"] = me.value?.state ?? ""));
  render(<Console />, app);
}
