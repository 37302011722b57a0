/** The texts of the widget, Spanish of Mexico and English, bundled: no request, nothing mixed. */

import en from "../../chatserver/locales/en/widget.json" with { type: "json" };
import es from "../../chatserver/locales/es-MX/widget.json" with { type: "json" };
import { isEnglish } from "./names.ts";

export type Locale = "es-MX" | "en";
export type Text = keyof typeof es;
export type Params = Readonly<Record<string, string | number>>;

/** The page has one widget, and so one language at a time. */
let locale: Locale = "es-MX";
let texts: Readonly<Record<string, string>> = es;

/** Takes the nearest of our languages to a wish like "en-GB"; Spanish is at home. */
export function setLocale(wish: string): void {
  [locale, texts] = isEnglish(wish) ? ["en", en] : ["es-MX", es];
}

export const currentLocale = (): Locale => locale;

export function t(key: Text, params: Params = {}): string {
  return fill(texts[key]!, params);
}

/** A text whose key comes from the server; `undefined` when there is none. */
export function translated(key: string, params: Params = {}): string | undefined {
  const text = texts[key];
  return text && fill(text, params);
}

const fill = (text: string, params: Params): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => `${params[name] ?? ""}`);
