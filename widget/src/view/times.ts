/** Times in words: an office's promise in the office's time, what was said in the reader's own. */

import { filled, textOf, texts } from "../locale.ts";

const format = (at: Date, options: Intl.DateTimeFormatOptions, timeZone?: string): string =>
  at
    .toLocaleString(texts.locale, { hourCycle: texts.locale === "en" ? "h12" : "h23", timeZone, ...options })
    .replace(/^0(?=\d:)/, "")
    .replace(",", ""); // "8:00" and "lunes 16 de noviembre"

const TIME: Intl.DateTimeFormatOptions = { timeStyle: "short" };
const WEEKDAY: Intl.DateTimeFormatOptions = { weekday: "long" };
const DATE: Intl.DateTimeFormatOptions = { ...WEEKDAY, day: "numeric", month: "long" };
const DAY = 86_400_000;

/** "10:42", as the reader's clock showed it. */
export const clock = (at: string): string => format(new Date(at), TIME);

/** The exact date and time, for whoever hovers. */
export const exact = (at: string): string => format(new Date(at), { dateStyle: "full", ...TIME });

/** How many calendar days ahead an instant is, in a zone. */
function daysAhead(at: Date, now: Date, timeZone?: string): number {
  const midnight = (date: Date) => Date.parse(date.toLocaleDateString("en", { timeZone }));
  return Math.round((midnight(at) - midnight(now)) / DAY);
}

/** "Hoy", "Ayer" or "lunes 16 de noviembre". */
export function day(at: string, now = new Date()): string {
  const date = new Date(at);
  const ahead = daysAhead(date, now);
  return ahead === 0 ? texts["day.today"] : ahead === -1 ? texts["day.yesterday"] : format(date, DATE);
}

/** When something will be, to go on a sentence: "hoy a las 15:30", "el lunes a las 8:00", "el lunes 16 de noviembre a las 8:00". */
export function when(at: string, zone?: string, now = new Date()): string {
  const date = new Date(at);
  const ahead = daysAhead(date, now, zone);
  const text = texts[ahead === 0 ? "when.today" : ahead === 1 ? "when.tomorrow" : "when.day"];
  const day = format(date, ahead > 0 && ahead < 7 ? WEEKDAY : DATE, zone);
  return filled(text, { day, time: format(date, TIME, zone) });
}

/** "Monterrey" of "America/Monterrey". */
export function city(zone: string): string {
  const name = zone.split("/").at(-1)!.replaceAll("_", " ");
  return textOf(`city.${name}`) ?? name;
}
