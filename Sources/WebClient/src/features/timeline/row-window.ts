// Long threads: only a stretch of the entries is in the document. It is named by the number of its last
// entry, so that history that arrives above does not move it.

import { placeOf } from "../../model/chat";
import type { Row, Span } from "../../model/rows";
import type { Entry } from "../../protocol/frames";

export const windowEntriesMax = 120;
/** By how many entries the window moves at a time: few enough for one frame. */
const stepEntries = 10;

/** The stretch that ends with the entry `last`; null is the end of the thread. */
export function spanOf(entries: readonly Entry[], last: number | null): Span {
  const end = last === null ? entries.length : placeOf(entries, last + 1);
  return { start: Math.max(0, end - windowEntriesMax), end };
}

/** The last entry of a stretch that shows older entries. */
export function lastAbove(entries: readonly Entry[], last: number | null): number | null {
  return lastBefore(entries, Math.max(windowEntriesMax, spanOf(entries, last).end - stepEntries));
}

/** The last entry of a stretch that shows newer entries; null when that is the end of the thread. */
export function lastBelow(entries: readonly Entry[], last: number | null): number | null {
  return lastBefore(entries, spanOf(entries, last).end + stepEntries);
}

/** The last entry of a stretch in which the entry `seq` has others above and below it. */
export function lastAround(entries: readonly Entry[], seq: number): number | null {
  return lastBefore(entries, placeOf(entries, seq) + windowEntriesMax / 2);
}

function lastBefore(entries: readonly Entry[], end: number): number | null {
  return end >= entries.length ? null : entries[end - 1]?.seq ?? null;
}

/** Rows in sequences of one day each. */
export function daysOf(rows: readonly Row[]): readonly { readonly day: string; readonly rows: readonly Row[] }[] {
  const days: { day: string; rows: Row[] }[] = [];
  for (const row of rows) {
    const last = days[days.length - 1];
    if (last !== undefined && last.day === row.day) last.rows.push(row);
    else days.push({ day: row.day, rows: [row] });
  }
  return days;
}
