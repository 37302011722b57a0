/** The corner where the page says how things went; read out politely, and never under the pointer's way to the composer. */

import { t } from "../core/words.ts";
import { dismiss, notices } from "../live/notices.ts";
import { Icon } from "./icon.tsx";

export function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite" data-testid="notices">
      {notices.value.map((notice) => (
        <div class={`notice ${notice.tone}`} key={notice.id}>
          <p>
            <strong>{notice.title}</strong> {notice.text}{" "}
            {notice.link && <a href={notice.link.href}>{notice.link.text}</a>}
          </p>
          <button type="button" class="button bare small" aria-label={t("dismiss")} onClick={() => dismiss(notice.id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
