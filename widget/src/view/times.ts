/** Times in words: an office's promise in the office's time, what was said in the reader's own. */

import { currentLocale, t, translated } from "../locale.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formats are made when first needed, for the first costs tens of milliseconds. */
function format(at: Date, options: Intl.DateTimeFormatOptions, timeZone?: string): string {
  const key = JSON.stringify([currentLocale(), options, timeZone]);
  const hourCycle = currentLocale() === "en" ? "h12" : "h23";
  const known =
    formats.get(key) ??
    new Intl.DateTimeFormat(currentLocale(), { hourCycle, ...options, ...(timeZone && { timeZone }) });
  formats.set(key, known);
  return known
    .format(at)
    .replace(/^0(?=\d:)/, "")
    .replace(",", ""); // "8:00" and "lunes 16 de noviembre"
}

const TIME: Intl.DateTimeFormatOptions = { timeStyle: "short" };
const DATE: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long" };
const DAY = 86_400_000;

/** "10:42", as the reader's clock showed it. */
export const clock = (at: string): string => format(new Date(at), TIME);

/** The exact date and time, for whoever hovers. */
export const exact = (at: string): string => format(new Date(at), { dateStyle: "full", ...TIME });

/** How many calendar days ahead an instant is, in a zone. */
function daysAhead(at: Date, now: Date, zone?: string): number {
  const midnight = (date: Date) =>
    Date.parse(new Intl.DateTimeFormat("en", { dateStyle: "medium", ...(zone && { timeZone: zone }) }).format(date));
  return Math.round((midnight(at) - midnight(now)) / DAY);
}

/** "Hoy", "Ayer" or "lunes 16 de noviembre". */
export function day(at: string, now = new Date()): string {
  const date = new Date(at);
  const ahead = daysAhead(date, now);
  return ahead === 0 ? t("day.today") : ahead === -1 ? t("day.yesterday") : format(date, DATE);
}

/** When something will be, to go on a sentence: "hoy a las 15:30", "el lunes a las 8:00", "el lunes 16 de noviembre a las 8:00". */
export function when(at: string, zone?: string, now = new Date()): string {
  const date = new Date(at);
  const ahead = daysAhead(date, now, zone);
  const time = format(date, TIME, zone);
  if (ahead === 0 || ahead === 1) return t(ahead ? "when.tomorrow" : "when.today", { time });
  return t("when.day", { day: format(date, ahead > 0 && ahead < 7 ? { weekday: "long" } : DATE, zone), time });
}

/** "Monterrey" of "America/Monterrey". */
export function city(zone: string): string {
  const name = zone.split("/").at(-1)!.replaceAll("_", " ");
  return translated(`city.${name}`) ?? name;
}
