// The pill of a day sticks below the header while somebody scrolls through its day, and fades when they
// stop: then it would only cover what one reads.

import { useEffect, useLayoutEffect } from "react";
import type { RefObject } from "react";

/** How long after the last movement the stuck pill stays. */
const stayMilliseconds = 1_000;
/** A pill this far from its place sticks. */
const stuckPixels = 12;
/** What a person scrolls with. Scrolling that follows none of them is the page's own. */
const hands = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

export function useDayPills(element: RefObject<HTMLDivElement>): void {
  // After every change of the rows: where a pill is, only the document knows.
  useLayoutEffect(() => {
    if (element.current !== null) placePills(element.current);
  });

  // Scrolling is the element's to tell.
  useEffect(() => {
    const scroll = element.current;
    if (scroll === null) return;
    let timer: number | undefined;
    let handAt = -stayMilliseconds;
    const rest = () => scroll.classList.remove("timeline__scroll--moving");
    const onHand = () => (handAt = performance.now());
    const onScroll = () => {
      placePills(scroll);
      const isMoving = scroll.classList.contains("timeline__scroll--moving");
      if (!isMoving && performance.now() - handAt > stayMilliseconds) return;
      scroll.classList.add("timeline__scroll--moving");
      window.clearTimeout(timer);
      timer = window.setTimeout(rest, stayMilliseconds);
    };
    for (const hand of hands) scroll.addEventListener(hand, onHand, { passive: true });
    scroll.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      window.clearTimeout(timer);
      for (const hand of hands) scroll.removeEventListener(hand, onHand);
      scroll.removeEventListener("scroll", onScroll);
    };
  }, [element]);
}

function placePills(scroll: HTMLElement): void {
  for (const pill of scroll.querySelectorAll<HTMLElement>(".timeline__pill")) {
    // Its day is the element that positions are measured from.
    pill.classList.toggle("timeline__pill--stuck", pill.offsetTop > stuckPixels);
  }
}
