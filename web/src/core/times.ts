/** Times as people say them: "hace 3 min" under an hour, then the time, then the day. Formats are made once, when first needed.
 *
 * `zone`: whose clock is meant, by its IANA name; without one it is the reader's own.
 */

import { secondsSince } from "./instants.ts";
import { currentLocale, t } from "./words.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const SHORT_DAY: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" };
const DATE: Intl.DateTimeFormatOptions = { year: "numeric", month: "2-digit", day: "2-digit" };

function format(options: Intl.DateTimeFormatOptions, zone: string | undefined): Intl.DateTimeFormat {
  const key = currentLocale() + JSON.stringify(options) + (zone ?? "");
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(currentLocale(), zone ? { ...options, timeZone: zone } : options);
    formats.set(key, made);
  }
  return made;
}

/** 14:05 */
export function clock(instant: string, zone?: string): string {
  return format(CLOCK, zone).format(new Date(instant));
}

/** martes 24 de noviembre */
export function dayName(instant: string, zone?: string): string {
  return format({ weekday: "long", day: "numeric", month: "long" }, zone).format(new Date(instant));
}

/** The exact time, for `title`; with the zone's name where it is not the reader's own. */
export function exact(instant: string, zone?: string): string {
  const time: Intl.DateTimeFormatOptions = { dateStyle: "full", timeStyle: zone ? "long" : "medium", hourCycle: "h23" };
  return format(time, zone).format(new Date(instant));
}

/** The same for every instant of one calendar day, and for no other. */
export function day(instant: string | number, zone?: string): string {
  return format(DATE, zone).format(new Date(instant));
}

/** "ahora", "hace 3 min", "14:05", "lun 23 nov" */
export function ago(instant: string, now: number, zone?: string): string {
  const seconds = secondsSince(instant, now);
  if (seconds < 60) return t("time.now");
  if (seconds < 3600) return t("time.minutes_ago", { n: Math.floor(seconds / 60) });
  if (day(instant, zone) === day(now, zone)) return clock(instant, zone);
  return format(SHORT_DAY, zone).format(new Date(instant));
}

/** A time to come: "14:05" today, "mar 24 nov, 14:05" on another day. */
export function due(instant: string, now: number, zone?: string): string {
  if (day(instant, zone) === day(now, zone)) return clock(instant, zone);
  return format({ ...SHORT_DAY, ...CLOCK }, zone).format(new Date(instant));
}

/** How long something lasts, ticking: 0:07, 12:40, 1:02:09. */
export function elapsed(seconds: number): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** A span as a person says it: "40 s", "12 min", "2 h". */
export function span(seconds: number): string {
  if (seconds < 60) return t("time.span_seconds", { n: seconds });
  if (seconds < 3600) return t("time.span_minutes", { n: Math.round(seconds / 60) });
  return t("time.span_hours", { n: Math.floor(seconds / 3600), m: Math.round((seconds % 3600) / 60) });
}

/** What a clock on the client's wall says, by their zone; nothing when the browser does not know the zone. */
export function zoneTime(now: number, zone: string): string {
  try {
    return format(CLOCK, zone).format(now);
  } catch {
    return ""; // A zone is what some browser claimed.
  }
}
