// When to try again: at once, then after a random time up to a cap that doubles to 30 s ("full
// jitter": the whole interval is random, so that clients of a dead node do not come back in step).

import { backoffBase, backoffMax, randomScale } from "./limits";

/** Milliseconds until attempt number `attempt`, counted from 0 since the session was last live. */
export function backoff(attempt: number, random: number): number {
  if (attempt === 0) return 0;
  const cap = Math.min(backoffMax, backoffBase * 2 ** Math.min(attempt - 1, 16));
  return Math.floor((cap * random) / randomScale);
}

/** An index below `count`. */
export function pick(count: number, random: number): number {
  return Math.floor((count * random) / randomScale);
}
