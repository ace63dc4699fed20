// Which chats are muted: kept by this browser, for all of its tabs. The cluster knows nothing of it yet.

import { useSyncExternalStore } from "react";
import { mutesFrom } from "../model/mutes";
import type { Mutes } from "../model/mutes";
import type { ChatId } from "../protocol/ids";

const storageKey = "chaticket.mutes";
const listeners = new Set<() => void>();
let known: Mutes | null = null;

/** Every chat that is muted; the same value until one changes. */
export function useMutes(): Mutes {
  return useSyncExternalStore(subscribe, mutes);
}

/** Nothing is told of `chat` until the time `until`; from now on again where that is over. */
export function mute(chat: ChatId, until: number): void {
  take({ ...mutes(), [chat]: until });
}

/** Somebody else may sit here next. */
export function forgetMutes(): void {
  take({});
}

function mutes(): Mutes {
  known ??= read();
  return known;
}

function take(next: Mutes): void {
  known = mutesFrom(next, Date.now());
  try {
    localStorage.setItem(storageKey, JSON.stringify(known));
  } catch {
    // Without storage it lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

function read(): Mutes {
  try {
    return mutesFrom(JSON.parse(localStorage.getItem(storageKey) ?? "null"), Date.now());
  } catch {
    return {};
  }
}

function subscribe(listener: () => void): () => void {
  const onStorage = ({ key }: StorageEvent) => {
    if (key !== null && key !== storageKey) return;
    known = null;
    listener();
  };
  listeners.add(listener);
  addEventListener("storage", onStorage);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", onStorage);
  };
}
