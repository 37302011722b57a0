/** Fields of a form whose values are signals. */

import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";
import { t } from "../../core/words.ts";

interface PickProps {
  readonly label: string;
  /** What stands there before something was picked. */
  readonly pick: string;
  readonly value: Signal<string>;
  readonly options: readonly string[];
}

export function PickField({ label, pick, value, options }: PickProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} required value={value.value} onChange={(event) => (value.value = event.currentTarget.value)}>
        <option value="">{pick}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TextProps {
  readonly label: string;
  readonly hint: string;
  readonly value: Signal<string>;
  readonly limit: number;
  readonly lines?: boolean;
  /** The word that says there is none, offered with one click. */
  readonly none?: string;
}

export function TextField({ label, hint, value, limit, lines, none }: TextProps) {
  const id = useId();
  const Tag = lines ? "textarea" : "input";
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <Tag
        id={id}
        required
        maxLength={limit}
        aria-describedby={`${id}-hint`}
        value={value.value}
        onInput={(event: Event) => (value.value = (event.currentTarget as HTMLInputElement).value)}
      />
      <p class="hint" id={`${id}-hint`}>
        {hint}{" "}
        {none && (
          <button type="button" class="put" onClick={() => (value.value = none)}>
            {t("escalate.fill_none", { word: none })}
          </button>
        )}
      </p>
    </div>
  );
}
