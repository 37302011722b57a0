/** Times that keep themselves true, all by the page's one clock. */

import { secondsSince } from "../core/instants.ts";
import { ago, clock, due, elapsed, exact } from "../core/times.ts";
import { now } from "../live/clock.ts";

export function Ago({ at }: { at: string }) {
  return (
    <time dateTime={at} title={exact(at)}>
      {ago(at, now.value)}
    </time>
  );
}

export function Clock({ at }: { at: string }) {
  return (
    <time dateTime={at} title={exact(at)}>
      {clock(at)}
    </time>
  );
}

/** A promise: the time today, the day and the time otherwise. */
export function Due({ at }: { at: string }) {
  return (
    <time dateTime={at} title={exact(at)}>
      {due(at, now.value)}
    </time>
  );
}

/** Ticks every second; read out as it was when it was reached, not every second. */
export function Elapsed({ since }: { since: string }) {
  return (
    <time dateTime={since} title={exact(since)}>
      {elapsed(secondsSince(since, now.value))}
    </time>
  );
}
