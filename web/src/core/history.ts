/** A figure's recent past, and its line in a small chart. */

export interface Sample {
  /** Milliseconds. */
  readonly at: number;
  readonly count: number;
}

const KEPT_MS = 30 * 60_000;

export function sample(history: readonly Sample[], next: Sample): Sample[] {
  return [...history, next].filter(({ at }) => at > next.at - KEPT_MS);
}

/** The points of a polyline in a box: time along, count up; a step at each change, because nobody waits by halves. */
export function polyline(history: readonly Sample[], width: number, height: number): string {
  const first = history[0];
  const last = history.at(-1);
  if (!first || !last || last.at === first.at) return "";
  const most = Math.max(1, ...history.map(({ count }) => count));
  const x = (at: number): string => (((at - first.at) / (last.at - first.at)) * width).toFixed(1);
  const y = (count: number): string => (height - (count / most) * height).toFixed(1);
  const points: string[] = [];
  let before: Sample | null = null;
  for (const each of history) {
    if (before && before.count !== each.count) points.push(`${x(each.at)},${y(before.count)}`);
    points.push(`${x(each.at)},${y(each.count)}`);
    before = each;
  }
  return points.join(" ");
}
