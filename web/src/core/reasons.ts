/** Codes of the server in words: why routing decided so, why somebody is away, why a command was refused. */

import type { Reason } from "../../../widget/src/core/wire.ts";
import { span } from "./times.ts";
import { currentLocale, sayCode, t } from "./words.ts";

/** Spans and languages arrive as data (`idle_seconds`, `language`) and are said as people say them. */
export function sayReason({ code, params }: Reason): string {
  const said: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(params)) said[name] = sayParam(name, value);
  return sayCode(code, said) ?? t("reason.unknown");
}

function sayParam(name: string, value: string | number): string | number {
  if (typeof value === "number" && name.endsWith("seconds")) return span(value);
  if (name === "language") return sayLanguage(String(value));
  return value;
}

/** "español", "inglés"; the code itself when the browser does not know it. */
export function sayLanguage(code: string): string {
  try {
    return new Intl.DisplayNames(currentLocale(), { type: "language" }).of(code) ?? code;
  } catch {
    return code; // What a browser claims as its language need not be one.
  }
}

/** Why a line stands in the thread, or why somebody is away. Null for none, and for what this page has no words for. */
export function sayCause(cause: string | null): string | null {
  return cause === null ? null : sayCode(cause);
}

export function sayRefusal(code: string): string {
  return sayCode(`refused.${code}`) ?? t("refused.unknown");
}
