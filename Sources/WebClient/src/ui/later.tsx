import { useEffect, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import type { Chunk } from "./chunk";

interface LaterProps<Module> {
  readonly from: Chunk<Module>;
  /** What is shown while the chunk is not here. */
  readonly until?: ReactNode;
  /** What is shown when it is. */
  readonly children: (module: Module) => ReactNode;
}

/** Shows a part of the page that is a chunk of its own: at once where it was fetched before, else when it came. */
export function Later<Module>({ from, until = null, children }: LaterProps<Module>) {
  const module = useSyncExternalStore(from.subscribe, from.current);
  // The chunk is on a node until it is here.
  useEffect(from.need, [from]);
  return <>{module === null ? until : children(module)}</>;
}
