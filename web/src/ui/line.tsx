/** How the line to the server is, said honestly: nothing while it works, and what is kept when it does not. */

import { computed, useSignal, useSignalEffect } from "@preact/signals";
import { t } from "../core/words.ts";
import { network, status } from "../live/live.ts";

/** A blink of the line is no news. */
const PATIENCE_MS = 1500;

const FINAL: ReadonlySet<string> = new Set(["login", "stopped", "closed"]);

/** Attempts come and go; only whether it works, and whether it can work again, is worth a word. */
const state = computed(() => (status.value === "open" ? "up" : FINAL.has(status.value) ? "over" : "down"));

export function LineBanner() {
  const down = useSignal(false);
  useSignalEffect(() => {
    down.value = state.value === "over";
    if (state.value !== "down") return;
    const timer = setTimeout(() => (down.value = true), PATIENCE_MS);
    return () => clearTimeout(timer);
  });
  return (
    <div class="line" role="status" aria-live="polite" data-testid="line" data-status={status.value}>
      {down.value && <Words />}
    </div>
  );
}

function Words() {
  if (status.value === "login") {
    return (
      <p>
        {t("link.login")} <a href={`/login?next=${encodeURIComponent(location.pathname)}`}>{t("link.login_action")}</a>
      </p>
    );
  }
  if (status.value === "stopped" || status.value === "closed") {
    return (
      <p>
        {t("link.stopped")} <a href={location.pathname}>{t("link.reload")}</a>
      </p>
    );
  }
  return <p>{t(network.value ? "link.reconnecting" : "link.offline")}</p>;
}
