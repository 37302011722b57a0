/** How many waited, minute by minute, for the small chart beside the figure: what this page has seen, at most half an hour. */

import { signal } from "@preact/signals";
import { sample } from "../core/history.ts";
import type { Sample } from "../core/history.ts";

const EVERY_MS = 10_000;

export const history = signal<readonly Sample[]>([]);

export function keepHistory(count: () => number, known: () => boolean): void {
  const take = (): void => {
    if (known()) history.value = sample(history.peek(), { at: Date.now(), count: count() });
  };
  setInterval(take, EVERY_MS);
}
