/** Times that keep themselves true, all by the page's one clock. What is about a desk is told by the desk's zone. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { secondsSince } from "../core/instants.ts";
import { ago, clock, due, elapsed, exact } from "../core/times.ts";
import { now } from "../live/clock.ts";

/** Whose clock the times below are of; the reader's own where nobody says. */
export const Zone = createContext<string | undefined>(undefined);

interface Props {
  readonly at: string;
}

export function Ago({ at }: Props) {
  const zone = useContext(Zone);
  return (
    <time dateTime={at} title={exact(at, zone)}>
      {ago(at, now.value, zone)}
    </time>
  );
}

export function Clock({ at }: Props) {
  const zone = useContext(Zone);
  return (
    <time dateTime={at} title={exact(at, zone)}>
      {clock(at, zone)}
    </time>
  );
}

/** A promise: the time today, the day and the time otherwise. */
export function Due({ at }: Props) {
  const zone = useContext(Zone);
  return (
    <time dateTime={at} title={exact(at, zone)}>
      {due(at, now.value, zone)}
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
