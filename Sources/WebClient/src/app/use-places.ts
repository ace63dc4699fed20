// The focus when one place is left for another: it goes to where the hand goes on, and comes back to where
// it was. A screen reader follows it.

import { useEffect, useRef } from "react";
import type { Route } from "./routes";

export function usePlaces(route: Route): void {
  const before = useRef(route);
  // What can have the focus is in the document only after it was drawn.
  useEffect(() => {
    const from = before.current;
    before.current = route;
    const wanted = focusAfter(from, route);
    // A finger opens a chat and no keyboard; a screen reader goes on at its head.
    const isTapped = from.chat !== route.chat && route.chat !== null && matchMedia("(pointer: coarse)").matches;
    if (isTapped) document.querySelector<HTMLElement>("[data-focus=header]")?.focus({ preventScroll: true });
    if (wanted !== null) document.querySelector<HTMLElement>(wanted)?.focus({ preventScroll: true });
  }, [route]);
}

/** The element that has the focus after a step, as a selector; null where the step's own part sets it. */
export function focusAfter(from: Route, to: Route): string | null {
  if (from.settings !== to.settings) {
    if (to.settings === null) return "[data-focus=menu] button";
    if (to.settings === "overview" && from.settings !== null) return `[data-page="${from.settings}"]`;
    return null;
  }
  if (from.chat !== null && to.chat === null) return `[data-chat="${from.chat}"]`;
  if (from.chat !== to.chat) return null;
  if (!from.isInfoOpen && to.isInfoOpen) return "[data-focus=info] button";
  return from.isInfoOpen && !to.isInfoOpen ? "[data-focus=header]" : null;
}
