// What is pinned in a chat.

import type { Chat } from "./chat";
import type { AccountId } from "../protocol/ids";

/** Whether `me` may pin and unpin: every member of a private chat, both of a direct one, of a public one who made it. */
export function mayPin({ kind, creator }: Pick<Chat, "kind" | "creator">, me: AccountId | null): boolean {
  return kind !== "public" || (creator !== null && creator === me);
}

/** The pin before the one at `index`; the newest again before the oldest. */
export function pinBefore(index: number, count: number): number {
  return index > 0 ? index - 1 : count - 1;
}

/** Of `count` pins those that have a segment of the bar, at most `max` and the one at `index` among them. */
export function segmentsOf(index: number, count: number, max: number): { readonly first: number; readonly count: number } {
  const first = Math.max(0, Math.min(index - Math.floor(max / 2), count - max));
  return { first, count: Math.min(count, max) };
}
