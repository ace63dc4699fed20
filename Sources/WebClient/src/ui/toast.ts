// A word at the bottom of the page that something was done; it goes by itself.

import { useSyncExternalStore } from "react";

const stayMilliseconds = 3_000;
const listeners = new Set<() => void>();
let current: string | null = null;
let timer: number | undefined;

export function toast(text: string): void {
  show(text);
  window.clearTimeout(timer);
  timer = window.setTimeout(() => show(null), stayMilliseconds);
}

export function useToast(): string | null {
  return useSyncExternalStore(subscribe, () => current);
}

function show(text: string | null): void {
  current = text;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
