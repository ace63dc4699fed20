// Scrolling of a thread: it sticks to the end while one is there, holds the row that one looks at in its
// place whatever comes above it, and says when more rows or history are wanted.

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { RefObject } from "react";

/** Pixels from an edge of the loaded rows at which more are asked for. */
const edgePixels = 800;
const bottomPixels = 40;

interface ScrollPort {
  readonly hasBelow: boolean;
  readonly onNearTop: () => void;
  readonly onNearBottom: () => void;
  /** A gap before this number is in sight or near it. */
  readonly onHole: (before: number) => void;
  /** Messages up to this ordinal are or were in sight. */
  readonly onSeen: (n: number) => void;
}

interface Anchor {
  readonly key: string;
  readonly top: number;
}

export function useScroll(element: RefObject<HTMLDivElement>, port: ScrollPort) {
  const [isAtBottom, setAtBottom] = useState(true);
  const sticks = useRef(true);
  const lastExtent = useRef(0);
  const anchor = useRef<Anchor | null>(null);
  const latest = useRef(port);
  latest.current = port;

  const look = useCallback(() => {
    const scroll = element.current;
    if (scroll === null) return;
    const { hasBelow, onNearTop, onNearBottom, onHole, onSeen } = latest.current;
    const extent = scroll.scrollHeight - scroll.clientHeight;
    // A person who scrolls leaves the extent as it is. Where it changed (the composer grew, a font
    // came) the end moved away from us, not we from it.
    if (sticks.current && !hasBelow && extent !== lastExtent.current) scroll.scrollTop = extent;
    lastExtent.current = extent;
    const below = extent - scroll.scrollTop;
    sticks.current = below < bottomPixels && !hasBelow;
    setAtBottom(sticks.current);
    anchor.current = anchorIn(scroll);
    if (scroll.scrollTop < edgePixels) onNearTop();
    if (below < edgePixels && hasBelow) onNearBottom();
    const hole = holeNear(scroll);
    if (hole !== null) onHole(hole);
    if (document.visibilityState === "visible" && document.hasFocus()) onSeen(seenIn(scroll));
  }, [element]);

  // After every change of the rows: back to the end, or the anchor back to where it was.
  useLayoutEffect(() => {
    const scroll = element.current;
    if (scroll === null) return;
    if (sticks.current && !latest.current.hasBelow) {
      scroll.scrollTop = scroll.scrollHeight;
    } else if (anchor.current !== null) {
      const row = rowOf(scroll, anchor.current.key);
      if (row !== null) scroll.scrollTop += topOf(row, scroll) - anchor.current.top;
    }
    look();
  });

  // The browser's own events: a smaller window must not hide the end, a focused one reads.
  useEffect(() => {
    const scroll = element.current;
    if (scroll === null) return;
    const observer = new ResizeObserver(() => {
      if (sticks.current) scroll.scrollTop = scroll.scrollHeight;
    });
    observer.observe(scroll);
    addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      observer.disconnect();
      removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [element, look]);

  const stick = useCallback(() => {
    sticks.current = true;
    anchor.current = null;
    const scroll = element.current;
    if (scroll !== null) scroll.scrollTop = scroll.scrollHeight;
  }, [element]);

  /** Puts a row below the upper edge; answers whether it is in the document. */
  const showRow = useCallback(
    (key: string): boolean => {
      const scroll = element.current;
      const row = scroll === null ? null : rowOf(scroll, key);
      if (scroll === null || row === null) return false;
      sticks.current = false;
      scroll.scrollTop += topOf(row, scroll) - 56;
      anchor.current = anchorIn(scroll);
      return true;
    },
    [element],
  );

  return { isAtBottom, look, stick, showRow };
}

function rowsIn(scroll: HTMLElement): readonly HTMLElement[] {
  return [...scroll.querySelectorAll<HTMLElement>("[data-key]")];
}

function rowOf(scroll: HTMLElement, key: string): HTMLElement | null {
  return rowsIn(scroll).find((row) => row.dataset["key"] === key) ?? null;
}

function topOf(row: HTMLElement, scroll: HTMLElement): number {
  return row.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
}

function anchorIn(scroll: HTMLElement): Anchor | null {
  for (const row of rowsIn(scroll)) {
    const key = row.dataset["key"];
    const top = topOf(row, scroll);
    // A hole goes away when it is filled; hold what is below it.
    if (key !== undefined && row.dataset["before"] === undefined && top + row.offsetHeight > 0) {
      return { key, top };
    }
  }
  return null;
}

function holeNear(scroll: HTMLElement): number | null {
  const holes = [...scroll.querySelectorAll<HTMLElement>("[data-before]")].reverse();
  for (const hole of holes) {
    const top = topOf(hole, scroll);
    if (top > -edgePixels && top < scroll.clientHeight + edgePixels) {
      return Number(hole.dataset["before"]);
    }
  }
  return null;
}

function seenIn(scroll: HTMLElement): number {
  let seen = 0;
  for (const row of rowsIn(scroll)) {
    const n = Number(row.dataset["n"] ?? 0);
    if (n > seen && topOf(row, scroll) + row.offsetHeight <= scroll.clientHeight + 8) seen = n;
  }
  return seen;
}
