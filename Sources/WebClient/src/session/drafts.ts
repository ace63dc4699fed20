// Texts that were begun and not sent, and what they answer, per chat, across reloads. Other tabs and the list
// hear of them.
// Writing waits a moment, because a long text is written whole at every key; who leaves a chat or the page
// writes at once.

import { useSyncExternalStore } from "react";
import { isChatId } from "../protocol/ids";
import type { ChatId } from "../protocol/ids";

export interface Draft {
  readonly text: string;
  /** When it was written last. */
  readonly ts: number;
  /** The number of the message that it answers; 0 for none. */
  readonly replyTo: number;
}

export type Drafts = Readonly<Record<string, Draft>>;

/** What the keys of drafts begin with, of their times, and of what they answer. */
export const prefix = "chaticket.draft.";
export const timePrefix = "chaticket.drafted.";
export const replyPrefix = "chaticket.answered.";
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

/** The number of the message that the draft answers; 0 for none. */
export function readReply(chat: ChatId): number {
  const waiting = unkept.get(chat);
  if (waiting !== undefined) return waiting.replyTo;
  try {
    return numberFrom(localStorage.getItem(replyPrefix + chat));
  } catch {
    return 0;
  }
}

/** What is written in `chat` answers the message `seq`; 0 for none. */
export function saveReply(chat: ChatId, seq: number): void {
  unkept.set(chat, { text: readDraft(chat), ts: Date.now(), replyTo: seq });
  writeDrafts();
}

/** What the draft of `chat` answers, and renders again when that changes. */
export function useReply(chat: ChatId): number {
  return useSyncExternalStore(subscribe, () => readReply(chat));
}

export function saveDraft(chat: ChatId, text: string): void {
  unkept.set(chat, { text, ts: Date.now(), replyTo: readReply(chat) });
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
      if ([prefix, timePrefix, replyPrefix].some((one) => key.startsWith(one))) localStorage.removeItem(key);
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

function write(chat: ChatId, { text, ts, replyTo }: Draft): void {
  if (replyTo === 0) localStorage.removeItem(replyPrefix + chat);
  else localStorage.setItem(replyPrefix + chat, String(replyTo));
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
        ts: numberFrom(localStorage.getItem(timePrefix + chat)),
        replyTo: numberFrom(localStorage.getItem(replyPrefix + chat)),
      };
    }
  } catch {
    // Then this tab has all that there is.
  }
  for (const [chat, draft] of unkept) all[chat] = draft;
  return Object.fromEntries(Object.entries(all).filter(([, { text }]) => text.trim() !== ""));
}

function numberFrom(kept: string | null): number {
  const number = Number(kept ?? 0);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

function forget(): void {
  known = null;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  const onStorage = ({ key }: StorageEvent) => {
    if (key === null || key.startsWith(prefix) || key.startsWith(replyPrefix)) forget();
  };
  listeners.add(listener);
  addEventListener("storage", onStorage);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", onStorage);
  };
}
