import type { ReactNode } from "react";
import { ArrivalsContext } from "./arrivals";
import type { Arrivals } from "./arrivals";
import { ThreadActsContext } from "./thread-acts";
import type { ThreadActs } from "./thread-acts";

interface ThreadProviderProps {
  readonly acts: ThreadActs;
  readonly arrivals: Arrivals;
  readonly children: ReactNode;
}

/** What the rows of a thread and its menu share. */
export function ThreadProvider({ acts, arrivals, children }: ThreadProviderProps) {
  return (
    <ArrivalsContext.Provider value={arrivals}>
      <ThreadActsContext.Provider value={acts}>{children}</ThreadActsContext.Provider>
    </ArrivalsContext.Provider>
  );
}
