/** One of several, each with its consequence said beside it. */

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: ComponentChildren;
  readonly hint?: string;
  readonly disabled?: boolean;
}

interface Props<Value extends string> {
  readonly legend: string;
  readonly options: readonly Option<Value>[];
  readonly value: Value | null;
  readonly choose: (value: Value) => void;
  /** Beside each other instead of below. */
  readonly inline?: boolean;
}

export function Choice<Value extends string>({ legend, options, value, choose, inline }: Props<Value>) {
  const name = useId();
  return (
    <fieldset class={`field choice ${inline ? "inline" : ""}`}>
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} class="option">
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            autofocus={option.value === value}
            disabled={option.disabled}
            onChange={() => choose(option.value)}
          />
          <span>
            {option.label}
            {option.hint && <span class="hint">{option.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
