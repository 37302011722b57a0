/** One clock for the whole page: every waiting time on it ticks together, once a second, in the server's time. */

import { signal } from "@preact/signals";

let ahead = 0;

/** Milliseconds, as the server counts them. */
export const now = signal(Date.now());

function tick(): void {
  now.value = Date.now() + ahead;
}

/** A heartbeat told the server's time. Less than two seconds is the line's doing, not a wrong clock. */
export function hearTime(at: string): void {
  const difference = Date.parse(at) - Date.now();
  ahead = Math.abs(difference) > 2000 ? difference : 0;
}

export function startClock(): void {
  setInterval(tick, 1000);
  // A tab that slept shows the time at once when it is looked at again.
  document.addEventListener("visibilitychange", tick);
}
