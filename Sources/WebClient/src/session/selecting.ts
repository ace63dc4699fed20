// Which messages of the open chat are chosen, if any are: one selection for the page, which ends with its chat.

import { useSyncExternalStore } from "react";
import type { Selection } from "../model/selection";

let selection: Selection | null = null;
const listeners = new Set<() => void>();

/** Null ends it. */
export function select(next: Selection | null): void {
  selection = next;
  for (const listener of listeners) listener();
}

export function isSelecting(): boolean {
  return selection !== null;
}

/** What is chosen, and renders again when that changes. */
export function useSelection(): Selection | null {
  return useSyncExternalStore(subscribe, () => selection);
}

/** Whether the message `seq` is chosen; null while none is, and of what cannot be: a row without a number, 0. */
export function usePicked(seq: number): boolean | null {
  return useSyncExternalStore(subscribe, () => (seq === 0 || selection === null ? null : selection.seqs.includes(seq)));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
