// What the document says of the rows of a thread: where each is and which are in sight.

import type { Place } from "../../session/places";

export function rowsIn(scroll: HTMLElement): readonly HTMLElement[] {
  return [...scroll.querySelectorAll<HTMLElement>("[data-key]")];
}

export function rowOf(scroll: HTMLElement, key: string): HTMLElement | null {
  return scroll.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
}

/** The lower edge of a row, measured from the upper edge of the thread. */
export function bottomOf(row: HTMLElement, scroll: HTMLElement): number {
  return row.getBoundingClientRect().bottom - scroll.getBoundingClientRect().top;
}

/** The first row in sight. A hole goes away when it is filled; what is below it counts. */
export function firstRowIn(scroll: HTMLElement): HTMLElement | null {
  const rows = rowsIn(scroll).filter((row) => row.dataset["before"] === undefined);
  return rows.find((row) => bottomOf(row, scroll) > 0) ?? null;
}

/** Where one is, by the first message in sight. */
export function placeIn(scroll: HTMLElement): Place | null {
  for (const row of rowsIn(scroll)) {
    const seq = seqOf(row);
    const bottom = bottomOf(row, scroll);
    if (seq > 0 && bottom > 0) return { seq, bottom };
  }
  return null;
}

/** The lowest hole in sight or within `margin` pixels of it, by the number that it is before. */
export function holeNear(scroll: HTMLElement, margin: number): number | null {
  const holes = [...scroll.querySelectorAll<HTMLElement>("[data-before]")].reverse();
  for (const hole of holes) {
    const bottom = bottomOf(hole, scroll);
    if (bottom > -margin && bottom < scroll.clientHeight + margin) return Number(hole.dataset["before"]);
  }
  return null;
}

/** The highest ordinal whose message is or was whole in sight. */
export function seenIn(scroll: HTMLElement): number {
  const rows = rowsIn(scroll);
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index];
    const n = Number(row?.dataset["n"] ?? 0);
    if (row !== undefined && n > 0 && bottomOf(row, scroll) <= scroll.clientHeight + 8) return n;
  }
  return 0;
}

/** Whether the entry `seq` is further down than what is in sight. */
export function isBelow(scroll: HTMLElement | null, seq: number): boolean {
  if (scroll === null) return false;
  const row = rowOf(scroll, `e${seq}`);
  if (row !== null) return bottomOf(row, scroll) > scroll.clientHeight;
  return seq > Math.max(0, ...rowsIn(scroll).map(seqOf));
}

function seqOf(row: HTMLElement): number {
  const key = row.dataset["key"] ?? "";
  return key.startsWith("e") ? Number(key.slice(1)) : 0;
}
