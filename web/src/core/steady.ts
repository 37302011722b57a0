/** Nothing moves under a pointer: a list that is being pointed at keeps its order until it is left alone. */

/** The order to show. Held, what was there keeps its place (also what has gone) and what is new joins at the end. */
export function holdOrder(shown: readonly number[], wanted: readonly number[], held: boolean): readonly number[] {
  if (!held) return wanted;
  const known = new Set(shown);
  return [...shown, ...wanted.filter((id) => !known.has(id))];
}
