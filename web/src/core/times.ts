/** Times as people say them: "hace 3 min" under an hour, then the time, then the day. Formats are made once, when first needed. */

import { secondsSince } from "./instants.ts";
import { currentLocale, t } from "./words.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = currentLocale() + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(currentLocale(), options);
    formats.set(key, made);
  }
  return made;
}

/** 14:05 */
export function clock(instant: string): string {
  return format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(instant));
}

/** martes 24 de noviembre */
export function dayName(instant: string): string {
  return format({ weekday: "long", day: "numeric", month: "long" }).format(new Date(instant));
}

/** The exact time, for `title`. */
export function exact(instant: string): string {
  return format({ dateStyle: "full", timeStyle: "medium", hourCycle: "h23" }).format(new Date(instant));
}

/** "ahora", "hace 3 min", "14:05", "lun 23 nov" */
export function ago(instant: string, now: number): string {
  const seconds = secondsSince(instant, now);
  if (seconds < 60) return t("time.now");
  if (seconds < 3600) return t("time.minutes_ago", { n: Math.floor(seconds / 60) });
  if (new Date(instant).toDateString() === new Date(now).toDateString()) return clock(instant);
  return format({ weekday: "short", day: "numeric", month: "short" }).format(new Date(instant));
}

/** A time to come: "14:05" today, "mar 24 nov, 14:05" on another day. */
export function due(instant: string, now: number): string {
  if (new Date(instant).toDateString() === new Date(now).toDateString()) return clock(instant);
  return format({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(
    new Date(instant),
  );
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
    return format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(now);
  } catch {
    return ""; // A zone is what some browser claimed.
  }
}
