// Long lists: only the rows in sight and a few more are in the document, each at its place by its index.

import { useCallback, useEffect, useState } from "react";
import type { RefObject } from "react";

/** The height of a row; chat-row.css has the same. */
export const rowPixels = 72;
const overscanRows = 8;

export interface ListWindow {
  readonly from: number;
  /** The first one that is not in it. */
  readonly to: number;
}

/** Which of the rows are in sight of `element`, which scrolls. */
export function useListWindow(element: RefObject<HTMLElement>): ListWindow {
  const [seen, setSeen] = useState<ListWindow>({ from: 0, to: 30 });
  const look = useCallback(() => {
    const scroll = element.current;
    if (scroll === null) return;
    const next = windowOf(scroll.scrollTop, scroll.clientHeight);
    setSeen((before) => (before.from === next.from && before.to === next.to ? before : next));
  }, [element]);
  // Scrolling and the height of the element are the document's to tell.
  useEffect(() => {
    const scroll = element.current;
    if (scroll === null) return;
    const observer = new ResizeObserver(look);
    observer.observe(scroll);
    scroll.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      scroll.removeEventListener("scroll", look);
    };
  }, [element, look]);
  return seen;
}

/** In steps of some rows, so that not every pixel draws the list anew. */
export function windowOf(scrollTop: number, height: number): ListWindow {
  const step = overscanRows / 2;
  const first = Math.floor(scrollTop / rowPixels / step) * step;
  return {
    from: Math.max(0, first - overscanRows),
    to: first + step + Math.ceil(height / rowPixels) + overscanRows,
  };
}

/** The indexes to draw of `count` rows: those in sight, and `kept`, which has the focus. */
export function indexesOf({ from, to }: ListWindow, count: number, kept: number): readonly number[] {
  const indexes: number[] = [];
  for (let index = Math.max(0, from); index < Math.min(to, count); index += 1) indexes.push(index);
  if (kept >= 0 && kept < count && (kept < from || kept >= to)) indexes.push(kept);
  return indexes.sort((a, b) => a - b);
}
