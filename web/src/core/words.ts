/** Every word on the screen comes through here: one locale a page, `{param}` filled in, plurals by the language's own rules. */

import enProcess from "../../../chatserver/locales/en/process.json" with { type: "json" };
import enShared from "../../../chatserver/locales/en/shared.json" with { type: "json" };
import enStaff from "../../../chatserver/locales/en/staff.json" with { type: "json" };
import esProcess from "../../../chatserver/locales/es-MX/process.json" with { type: "json" };
import esShared from "../../../chatserver/locales/es-MX/shared.json" with { type: "json" };
import esStaff from "../../../chatserver/locales/es-MX/staff.json" with { type: "json" };

export type Key = keyof typeof esStaff | keyof typeof esShared | keyof typeof esProcess;
export type Params = Readonly<Record<string, string | number>>;
type Stem<K> = K extends `${infer S}.one` ? S : never;

/** A key that has a `.one` and an `.other`. */
export type CountKey = Stem<Key>;

export type Locale = "es-MX" | "en";

const WORDS: Record<Locale, Record<Key, string>> = {
  "es-MX": { ...esProcess, ...esStaff, ...esShared },
  en: { ...enProcess, ...enStaff, ...enShared },
};

let locale: Locale = "es-MX";
let plurals = new Intl.PluralRules(locale);

/** Once, before anything is drawn. */
export function setLocale(wanted: string | undefined): Locale {
  locale = wanted?.startsWith("en") ? "en" : "es-MX";
  plurals = new Intl.PluralRules(locale);
  return locale;
}

export function currentLocale(): Locale {
  return locale;
}

export function t(key: Key, params: Params = {}): string {
  return fill(WORDS[locale][key], params);
}

/** The words for a count: `{n}` is the count. */
export function tn(key: CountKey, n: number, params: Params = {}): string {
  const form = plurals.select(n) === "one" ? "one" : "other";
  return fill(WORDS[locale][`${key}.${form}` as Key], { n, ...params });
}

/** The words for a code that the server made: null when this page does not know it yet (an older tab, a newer server). */
export function sayCode(code: string, params: Params = {}): string | null {
  const words = (WORDS[locale] as Record<string, string | undefined>)[code];
  return words === undefined ? null : fill(words, params);
}

function fill(words: string, params: Params): string {
  return words.replace(/\{(\w+)\}/g, (hole, name: string) => String(params[name] ?? hole));
}
