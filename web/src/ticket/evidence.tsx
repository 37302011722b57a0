/** Which of a ticket's files are its evidence. */

import type { Signal } from "@preact/signals";
import type { TicketView } from "../../../widget/src/core/wire.ts";
import { saySize } from "../core/files.ts";
import { t } from "../core/words.ts";
import { contextOf } from "../live/live.ts";

export function EvidenceFiles({ ticket, chosen }: { ticket: TicketView; chosen: Signal<readonly number[]> }) {
  const files = contextOf(ticket.conversation)?.files ?? [];
  if (files.length === 0) return null;
  const known = new Set(ticket.evidence_files);
  const toggle = (id: number, on: boolean): void => {
    chosen.value = on ? [...chosen.value, id] : chosen.value.filter((other) => other !== id);
  };
  return (
    <fieldset class="field" data-testid="evidence-files">
      <legend>{t("field.evidence_files")}</legend>
      {files.map(({ id, name, size }) => (
        <label key={id} class="check">
          <input
            type="checkbox"
            checked={known.has(id) || chosen.value.includes(id)}
            disabled={known.has(id)}
            onChange={(event) => toggle(id, event.currentTarget.checked)}
          />
          <span>
            {name} <span class="quiet">{saySize(size)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
