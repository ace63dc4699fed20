// What is pinned in a chat.

/** The pin before the one at `index`; the newest again before the oldest. */
export function pinBefore(index: number, count: number): number {
  return index > 0 ? index - 1 : count - 1;
}

/** Of `count` pins those that have a segment of the bar, at most `max` and the one at `index` among them. */
export function segmentsOf(index: number, count: number, max: number): { readonly first: number; readonly count: number } {
  const first = Math.max(0, Math.min(index - Math.floor(max / 2), count - max));
  return { first, count: Math.min(count, max) };
}
