/** The right pane: who the client is and why they are here; on a narrow screen a place of its own. */

import { t } from "../core/words.ts";
import { contextOf, threadOf } from "../live/live.ts";
import { Details } from "../ui/details.tsx";
import { Icon } from "../ui/icon.tsx";
import { backToThread, chosen, dialog } from "./state.ts";

export function ContextPane() {
  const conversation = chosen.value;
  const context = conversation === null ? null : contextOf(conversation);
  const thread = conversation === null ? null : threadOf(conversation);
  return (
    <section class="context" aria-label={t("context.label")}>
      <header class="title narrow-only">
        <button type="button" class="button bare back" aria-label={t("nav.thread")} onClick={backToThread}>
          <Icon name="back" />
        </button>
        <h2>{t("context.label")}</h2>
      </header>
      {context && <Details context={context} thread={thread} seePrevious={() => (dialog.value = "previous")} />}
    </section>
  );
}
