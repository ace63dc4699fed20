// Messages of a chat that are chosen together, to do one thing with all of them.

import type { Entry, TextEntry } from "../protocol/frames";
import type { AccountId, ChatId } from "../protocol/ids";
import { placeOf } from "./chat";
import type { People } from "./chat";
import { fullTime } from "./time";
import { nameOf } from "./words";

/** More messages cannot be chosen at once: each is sent, or deleted, by itself. */
export const selectedMax = 100;

export interface Selection {
  readonly chat: ChatId;
  /** The numbers of the messages, ascending, each once; never none. */
  readonly seqs: readonly number[];
  /** The message that was pressed last: where a range begins. */
  readonly anchor: number;
}

/** What a press made of a selection. */
export interface Pick {
  /** Null when nothing is chosen any more. */
  readonly selection: Selection | null;
  /** Not all was taken, because there would have been too many. */
  readonly isFull: boolean;
}

/** With the message `seq`, or without it where it is chosen. */
export function toggled(selection: Selection, seq: number): Pick {
  const rest = selection.seqs.filter((other) => other !== seq);
  if (rest.length < selection.seqs.length) {
    return { selection: rest.length === 0 ? null : { ...selection, seqs: rest, anchor: seq }, isFull: false };
  }
  if (rest.length >= selectedMax) return { selection, isFull: true };
  return { selection: { ...selection, seqs: ascending([...rest, seq]), anchor: seq }, isFull: false };
}

/** With every message from the one pressed last to `seq`, those near the first of them first. O(range). */
export function extended(selection: Selection, entries: readonly Entry[], seq: number): Pick {
  const { anchor } = selection;
  const range = entries.slice(placeOf(entries, Math.min(anchor, seq)), placeOf(entries, Math.max(anchor, seq) + 1));
  if (seq < anchor) range.reverse();
  const seqs = new Set(selection.seqs);
  let isFull = false;
  for (const entry of range) {
    if (entry.kind !== "text" || seqs.has(entry.seq)) continue;
    isFull = seqs.size >= selectedMax;
    if (isFull) break;
    seqs.add(entry.seq);
  }
  return { selection: { ...selection, seqs: ascending([...seqs]), anchor: seq }, isFull };
}

/** The chosen messages that are still there, in their order. */
export function chosenOf({ seqs }: Selection, entries: readonly Entry[]): readonly TextEntry[] {
  return seqs.flatMap((seq) => {
    const entry = entries[placeOf(entries, seq)];
    return entry?.seq === seq && entry.kind === "text" ? [entry] : [];
  });
}

/** Whether all of them may be deleted for everybody by `me`: my own, or any where I may delete those of others. */
export function areDeletable(chosen: readonly TextEntry[], me: AccountId | null, mayDelete: boolean): boolean {
  return mayDelete || chosen.every(({ from }) => from !== null && from === me);
}

/** All of them as text, as they were written, each below its writer and its time. */
export function transcript(chosen: readonly TextEntry[], people: People): string {
  return chosen.map(({ from, ts, text }) => `${nameOf(people, from)}, [${fullTime(ts)}]\n${text}`).join("\n\n");
}

function ascending(seqs: readonly number[]): readonly number[] {
  return [...seqs].sort((a, b) => a - b);
}
