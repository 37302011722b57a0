/** Every key there is, and the switch for those that are a bare letter. */

import type { ComponentChildren } from "preact";
import { KEYS } from "../../core/shortcuts.ts";
import type { Action } from "../../core/shortcuts.ts";
import { t } from "../../core/words.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { singleKeys } from "../keys.ts";

export function HelpDialog({ close }: { close: () => void }) {
  return (
    <Dialog title={t("help.title")} close={close} testid="help-dialog">
      <p class="quiet">{t("help.hint")}</p>
      <dl class="keys">
        {(Object.keys(KEYS) as Action[]).map((action) => (
          <Key key={action} name={t(`key.${action}`)}>
            <kbd>{KEYS[action]}</kbd>
            {action !== "help" && (
              <>
                {" "}
                {t("help.or")} <kbd>Alt</kbd> + <kbd>{KEYS[action]}</kbd>
              </>
            )}
          </Key>
        ))}
        <Key name={t("help.send")}>
          <kbd>Enter</kbd>
        </Key>
        <Key name={t("help.newline")}>
          <kbd>Shift</kbd> + <kbd>Enter</kbd>
        </Key>
        <Key name={t("help.leave")}>
          <kbd>Esc</kbd>
        </Key>
      </dl>
      <label class="option">
        <input
          type="checkbox"
          checked={singleKeys.value}
          onChange={(event) => (singleKeys.value = event.currentTarget.checked)}
        />
        {t("help.single")}
      </label>
      <footer>
        <button type="button" class="button" onClick={close}>
          {t("close")}
        </button>
      </footer>
    </Dialog>
  );
}

function Key({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
