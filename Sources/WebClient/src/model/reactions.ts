// What people say of a message with one emoji each, as the one who says something sees it at once.

import type { OutboxItem } from "./outbox";
import type { Reactions, ReactionTally, TextEntry } from "../protocol/frames";
import type { AccountId, ChatId } from "../protocol/ids";

/** Those who reacted first that everybody is told of. */
const firstMax = 3;

/** The newest of what waits to be said in a chat, by the messages that it is said of. */
export function waitingReactions(outbox: readonly OutboxItem[], chat: ChatId): ReadonlyMap<number, OutboxItem> {
  const waiting = new Map<number, OutboxItem>();
  for (const item of outbox) {
    if (item.chat === chat && item.reacts !== undefined && item.state !== "failed") waiting.set(item.reacts.target, item);
  }
  return waiting;
}

/** What two taps on a message say. */
export const quickReaction = "👍";

const said = new WeakMap<OutboxItem, { readonly base: TextEntry; readonly entry: TextEntry }>();

/** A message with what waits to be said of it: the same value while both are the same. */
export function reactedBy(base: TextEntry, item: OutboxItem, me: AccountId | null): TextEntry {
  const made = said.get(item);
  if (made?.base === base) return made.entry;
  const entry = { ...base, reactions: saying(base.reactions, item.reacts?.emoji, me) };
  said.set(item, { base, entry });
  return entry;
}

/** What is said of a message when `me` says `emoji` instead of what it said; undefined takes that back. */
export function saying(before: Reactions | undefined, emoji: string | undefined, me: AccountId | null): Reactions {
  const { seq, mine, tallies } = before ?? { seq: 0, mine: undefined, tallies: [] };
  if (before !== undefined && mine === emoji) return before;
  const isKnown = emoji === undefined || tallies.some((tally) => tally.emoji === emoji);
  const all: readonly ReactionTally[] = isKnown ? tallies : [...tallies, { emoji, count: 0, first: [] }];
  const counted = all.map((tally): ReactionTally => {
    if (tally.emoji === mine) return { ...tally, count: tally.count - 1, first: tally.first.filter((one) => one !== me) };
    if (tally.emoji !== emoji) return tally;
    return { ...tally, count: tally.count + 1, first: me === null ? [] : [...tally.first, me].slice(0, firstMax) };
  });
  return { seq, ...(emoji === undefined ? {} : { mine: emoji }), tallies: counted.filter(({ count }) => count > 0) };
}
