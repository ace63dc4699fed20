// Scrolling of a thread: it sticks to the end while one is there, holds the row that one looks at in its
// place whatever comes above it, and says when more rows or history are wanted.

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { RefObject } from "react";
import type { Place } from "../../session/places";
import { bottomOf, firstRowIn, holeNear, placeIn, rowOf, seenIn } from "./rows-in-sight";
import { glide } from "./glide";

/** Pixels from an edge of the rows in the document at which more are wanted; */
const edgePixels = 1_000;
/** and this part of the way at most, so that what comes at one edge does not bring one near the other. */
const edgePart = 1 / 4;
/** Nearer to the end than this one is at the end. */
const endPixels = 40;

/** Where a row is to stand: its upper or lower edge below the upper edge of the thread, or its middle. */
export type RowEdge = { readonly top: number } | { readonly bottom: number } | "middle";

interface ScrollPort {
  readonly hasAbove: boolean;
  readonly hasBelow: boolean;
  readonly onNearTop: () => void;
  readonly onNearBottom: () => void;
  /** A gap before this number is in sight or near it. */
  readonly onHole: (before: number) => void;
  /** Messages up to this ordinal are or were in sight. */
  readonly onSeen: (n: number) => void;
  /** One moved to this place; null is the end. */
  readonly onPlace: (place: Place | null) => void;
}

/** The row that must not move, by its lower edge: its upper one changes with who wrote above it. */
interface Anchor {
  readonly key: string;
  readonly bottom: number;
  /** The position of the element when this was measured. */
  readonly scrollTop: number;
}

export function useScroll(element: RefObject<HTMLDivElement>, port: ScrollPort) {
  const [isAtBottom, setAtBottom] = useState(true);
  const sticks = useRef(true);
  const isOpened = useRef(false);
  const lastExtent = useRef(0);
  const anchor = useRef<Anchor | null>(null);
  const endGlide = useRef<(() => void) | null>(null);
  const latest = useRef(port);
  latest.current = port;

  const look = useCallback(() => {
    const scroll = element.current;
    if (scroll === null) return;
    const { hasAbove, hasBelow, onNearTop, onNearBottom, onHole, onSeen, onPlace } = latest.current;
    const extent = scroll.scrollHeight - scroll.clientHeight;
    // A person who scrolls leaves the extent as it is. Where it changed (the composer grew, a font
    // came) the end moved away from us, not we from it.
    if (sticks.current && !hasBelow && extent !== lastExtent.current && endGlide.current === null) {
      scroll.scrollTop = extent;
    }
    lastExtent.current = extent;
    const below = extent - scroll.scrollTop;
    sticks.current = !hasBelow && (endGlide.current !== null || below < endPixels);
    setAtBottom(sticks.current);
    anchor.current = anchorIn(scroll);
    const edge = Math.min(edgePixels, extent * edgePart);
    if (scroll.scrollTop < edge && hasAbove) onNearTop();
    else if (below < edge && hasBelow) onNearBottom();
    const hole = holeNear(scroll, edgePixels);
    if (hole !== null) onHole(hole);
    if (document.visibilityState === "visible" && document.hasFocus()) onSeen(seenIn(scroll));
    onPlace(sticks.current ? null : placeIn(scroll));
  }, [element]);

  const toEnd = useCallback((scroll: HTMLElement) => {
    endGlide.current?.();
    endGlide.current = glide(scroll, () => {
      endGlide.current = null;
      look();
    });
  }, [look]);

  // After every change of the rows: on to the end, or the anchor back to where it was.
  useLayoutEffect(() => {
    const scroll = element.current;
    if (scroll === null) return;
    const growth = scroll.scrollHeight - scroll.clientHeight - scroll.scrollTop;
    if (!sticks.current || latest.current.hasBelow) hold(scroll, anchor.current);
    // What opens a thread or fills it is no news: only a little more than there was moves in.
    else if (isOpened.current && growth > 1 && growth < scroll.clientHeight) toEnd(scroll);
    else if (endGlide.current === null) scroll.scrollTop = scroll.scrollHeight;
    isOpened.current = true;
    look();
  });

  // The browser's own events: a smaller window must not hide the end, a focused one reads.
  useEffect(() => {
    const scroll = element.current;
    if (scroll === null) return;
    const observer = new ResizeObserver(() => {
      if (sticks.current && endGlide.current === null) scroll.scrollTop = scroll.scrollHeight;
    });
    const interrupt = () => endGlide.current?.();
    observer.observe(scroll);
    addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    for (const kind of ["wheel", "touchstart", "pointerdown"]) scroll.addEventListener(kind, interrupt, { passive: true });
    return () => {
      interrupt();
      observer.disconnect();
      removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
      for (const kind of ["wheel", "touchstart", "pointerdown"]) scroll.removeEventListener(kind, interrupt);
    };
  }, [element, look]);

  /** Goes to the end and stays there. */
  const stick = useCallback(() => {
    sticks.current = true;
    anchor.current = null;
    if (element.current !== null) toEnd(element.current);
  }, [element, toEnd]);

  /** Puts a row where `edge` says, as far as the thread goes; answers whether the row is there. */
  const showRow = useCallback(
    (key: string, edge: RowEdge): boolean => {
      const scroll = element.current;
      const row = scroll === null ? null : rowOf(scroll, key);
      if (scroll === null || row === null) return false;
      endGlide.current?.();
      sticks.current = false;
      scroll.scrollTop += bottomOf(row, scroll) - bottomFor(edge, row, scroll);
      anchor.current = anchorIn(scroll);
      return true;
    },
    [element],
  );

  return { isAtBottom, look, stick, showRow };
}

/** Where the lower edge of a row has to be. A message that is higher than the thread is shown from its head. */
function bottomFor(edge: RowEdge, row: HTMLElement, scroll: HTMLElement): number {
  const { offsetHeight: height } = row;
  if (edge === "middle") return Math.max(0, (scroll.clientHeight - height) / 2) + height;
  return "bottom" in edge ? edge.bottom : edge.top + height;
}

function anchorIn(scroll: HTMLElement): Anchor | null {
  const row = firstRowIn(scroll);
  const key = row?.dataset["key"];
  if (row === null || key === undefined) return null;
  return { key, bottom: bottomOf(row, scroll), scrollTop: scroll.scrollTop };
}

/** Puts the anchor back to where it was, less what one has scrolled since it was measured. */
function hold(scroll: HTMLElement, anchor: Anchor | null): void {
  const row = anchor === null ? null : rowOf(scroll, anchor.key);
  if (anchor === null || row === null) return;
  const moved = scroll.scrollTop - anchor.scrollTop;
  const difference = bottomOf(row, scroll) - (anchor.bottom - moved);
  if (Math.abs(difference) > 0.5) scroll.scrollTop += difference;
}
