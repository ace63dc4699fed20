// A countdown: whoever uses it is drawn anew at each second that is over.

import { useEffect, useReducer } from "react";

const second = 1_000;

/** How many seconds, rounded up, are left until `moment` (milliseconds since 1970); 0 when it is over. */
export function useSecondsUntil(moment: number): number {
  const [, look] = useReducer((looks: number) => looks + 1, 0);
  const left = Math.ceil(Math.max(0, moment - Date.now()) / second);
  // The seconds go by outside of the page.
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(look, moment - Date.now() - (left - 1) * second);
    return () => clearTimeout(timer);
  }, [left, moment]);
  return left;
}
