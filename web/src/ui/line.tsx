/** How the line to the server is, said honestly: nothing while it works, and what is kept when it does not. */

import { useSignal, useSignalEffect } from "@preact/signals";
import { t } from "../core/words.ts";
import { network, status } from "../live/live.ts";

/** A blink of the line is no news. */
const PATIENCE_MS = 1500;

export function LineBanner() {
  const down = useSignal(false);
  useSignalEffect(() => {
    if (status.value === "open") {
      down.value = false;
      return;
    }
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
