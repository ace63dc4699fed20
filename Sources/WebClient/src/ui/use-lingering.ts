// What leaves the page is shown until it has left: the value that was there last, a little longer.

import { useEffect, useState } from "react";
import { movesFor } from "./preferences";

/** `value`, or for `milliseconds` after it became null what it was before. */
export function useLingering<T>(value: T | null, milliseconds: number): T | null {
  const [kept, setKept] = useState(value);
  if (value !== null && value !== kept) setKept(value);
  // The end of a motion is a moment in time.
  useEffect(() => {
    if (value !== null) return;
    const timer = setTimeout(() => setKept(null), movesFor(milliseconds));
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return value ?? kept;
}
