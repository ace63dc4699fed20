// Long threads: only a slice of the rows is in the document. The slice is named by the key of its last
// row, so that history that arrives above does not move it.

import type { Row } from "../../model/rows";

export const windowRowsMax = 120;
const stepRows = 40;

export interface RowSlice {
  readonly rows: readonly Row[];
  readonly hasAbove: boolean;
  readonly hasBelow: boolean;
}

/** The slice that ends with the row `endKey`; null is the end of the thread. */
export function sliceOf(rows: readonly Row[], endKey: string | null): RowSlice {
  const end = endOf(rows, endKey);
  const start = Math.max(0, end - windowRowsMax);
  return { rows: rows.slice(start, end), hasAbove: start > 0, hasBelow: end < rows.length };
}

/** The end of a slice that shows older rows. */
export function endAbove(rows: readonly Row[], endKey: string | null): string | null {
  const end = Math.max(Math.min(windowRowsMax, rows.length), endOf(rows, endKey) - stepRows);
  return keyBefore(rows, end);
}

/** The end of a slice that shows newer rows. */
export function endBelow(rows: readonly Row[], endKey: string | null): string | null {
  return keyBefore(rows, endOf(rows, endKey) + stepRows);
}

/** The end of a slice in which the row `key` has rows above and below it. */
export function endAround(rows: readonly Row[], key: string): string | null {
  const index = rows.findIndex((row) => row.key === key);
  return index < 0 ? null : keyBefore(rows, index + windowRowsMax / 2);
}

function endOf(rows: readonly Row[], endKey: string | null): number {
  if (endKey === null) return rows.length;
  const index = rows.findIndex((row) => row.key === endKey);
  return index < 0 ? rows.length : index + 1;
}

function keyBefore(rows: readonly Row[], end: number): string | null {
  return end >= rows.length ? null : rows[end - 1]?.key ?? null;
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
