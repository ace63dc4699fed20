// Which rows of a thread come in while one looks: each moves in once. What was there when the thread was
// opened does not, nor what one scrolls to, nor my own message when it changes from waiting to sent.

import { createContext, useContext, useLayoutEffect } from "react";
import type { RefObject } from "react";
import type { Row } from "../../model/rows";
import { hasMotion } from "../../ui/motion";

const milliseconds = 200;

export class Arrivals {
  private readonly waiting: Set<string>;

  /** `newest` is the last entry that is no news, `waiting` the keys of rows that wait already. */
  constructor(
    private newest: number,
    waiting: readonly string[],
  ) {
    this.waiting = new Set(waiting);
  }

  /** Whether this row is shown for the first time; it is not any more then. */
  take(row: Row): boolean {
    if (row.kind === "pending") {
      const isNew = !this.waiting.has(row.key);
      this.waiting.add(row.key);
      return isNew;
    }
    if (row.kind !== "message" || row.entry.seq <= this.newest) return false;
    this.newest = row.entry.seq;
    return !row.isOut;
  }

  /** What came up to `newest` is not seen coming. */
  skip(newest: number): void {
    this.newest = Math.max(this.newest, newest);
  }
}

export const ArrivalsContext = createContext(new Arrivals(Infinity, []));

/** Moves an element in when its row is shown for the first time. */
export function useArrival(element: RefObject<HTMLElement>, row: Row): void {
  const arrivals = useContext(ArrivalsContext);
  // An animation is the document's; it has to begin before the row is drawn. Once, whatever the row becomes.
  useLayoutEffect(() => {
    if (!arrivals.take(row) || !hasMotion()) return;
    element.current?.animate(
      [{ opacity: 0, transform: "scale(0.8)" }, { opacity: 1, transform: "none" }],
      { duration: milliseconds, easing: "cubic-bezier(0.4, 0, 0.2, 1)" },
    );
  }, []);
}
