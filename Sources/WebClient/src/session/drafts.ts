// Texts that were begun and not sent, per chat, across reloads. Other tabs and the list hear of them.
// Writing waits a moment, because a long text is written whole at every key; who leaves a chat or the page
// writes at once.

import { useSyncExternalStore } from "react";
import { isChatId } from "../protocol/ids";
import type { ChatId } from "../protocol/ids";

export interface Draft {
  readonly text: string;
  /** When it was written last. */
  readonly ts: number;
}

export type Drafts = Readonly<Record<string, Draft>>;

const prefix = "chaticket.draft.";
const timePrefix = "chaticket.drafted.";
const pause = 300;
const listeners = new Set<() => void>();
/** What this tab wrote and the storage does not have, because it waits or because there is none. */
const unkept = new Map<ChatId, Draft>();
let timer: ReturnType<typeof setTimeout> | undefined;
let known: Drafts | null = null;

export function readDraft(chat: ChatId): string {
  const written = unkept.get(chat);
  if (written !== undefined) return written.text;
  try {
    return localStorage.getItem(prefix + chat) ?? "";
  } catch {
    return "";
  }
}

export function saveDraft(chat: ChatId, text: string): void {
  unkept.set(chat, { text, ts: Date.now() });
  if (text === "") writeDrafts();
  else timer ??= setTimeout(writeDrafts, pause);
}

/** Writes what waits: before the page or the chat goes. */
export function writeDrafts(): void {
  clearTimeout(timer);
  timer = undefined;
  for (const [chat, draft] of [...unkept]) {
    try {
      write(chat, draft);
      unkept.delete(chat);
    } catch {
      // It stays in the map above, and the next change tries again.
    }
  }
  forget();
}

/** Somebody else may sit here next. */
export function forgetDrafts(): void {
  unkept.clear();
  clearTimeout(timer);
  timer = undefined;
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(prefix) || key.startsWith(timePrefix)) localStorage.removeItem(key);
    }
  } catch {
    // Without storage there is nothing to forget.
  }
  forget();
}

/** Every draft that there is; the same value until one changes. */
export function useDrafts(): Drafts {
  return useSyncExternalStore(subscribe, drafts);
}

function write(chat: ChatId, { text, ts }: Draft): void {
  if (text === "") {
    localStorage.removeItem(prefix + chat);
    localStorage.removeItem(timePrefix + chat);
  } else {
    localStorage.setItem(prefix + chat, text);
    localStorage.setItem(timePrefix + chat, String(ts));
  }
}

function drafts(): Drafts {
  known ??= readAll();
  return known;
}

function readAll(): Drafts {
  const all: Record<string, Draft> = {};
  try {
    for (const key of Object.keys(localStorage)) {
      const chat = key.startsWith(prefix) ? key.slice(prefix.length) : "";
      if (!isChatId(chat)) continue;
      all[chat] = {
        text: localStorage.getItem(key) ?? "",
        ts: Number(localStorage.getItem(timePrefix + chat) ?? 0) || 0,
      };
    }
  } catch {
    // Then this tab has all that there is.
  }
  for (const [chat, draft] of unkept) all[chat] = draft;
  return Object.fromEntries(Object.entries(all).filter(([, { text }]) => text.trim() !== ""));
}

function forget(): void {
  known = null;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  const onStorage = ({ key }: StorageEvent) => {
    if (key === null || key.startsWith(prefix)) forget();
  };
  listeners.add(listener);
  addEventListener("storage", onStorage);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", onStorage);
  };
}
