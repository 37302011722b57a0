/** Instants of the wire (ISO, UTC) against each other and against now. */

export { compareInstants } from "../../../widget/src/core/apply.ts";

/** Whole seconds from an instant until `now` (milliseconds), never negative: a client's clock may run behind. */
export function secondsSince(instant: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(instant)) / 1000));
}
