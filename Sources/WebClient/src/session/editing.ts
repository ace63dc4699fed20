// Which message the composer of a chat changes, and to what so far. It lasts as long as the page: the message has its words
// meanwhile, so that nothing can be lost but what was typed over them.

import { useSyncExternalStore } from "react";
import type { ChatId } from "../protocol/ids";

export interface Editing {
  /** The number of the message. */
  readonly seq: number;
  /** What is written so far; null while it is what the message says. */
  readonly text: string | null;
}

const editing = new Map<ChatId, Editing>();
const listeners = new Set<() => void>();

export function startEdit(chat: ChatId, seq: number): void {
  saveEdit(chat, { seq, text: null });
}

/** Null ends it. */
export function saveEdit(chat: ChatId, edit: Editing | null): void {
  if (edit === null) editing.delete(chat);
  else editing.set(chat, edit);
  for (const listener of listeners) listener();
}

/** Somebody else may sit here next. */
export function forgetEdits(): void {
  editing.clear();
}

/** What is changed in `chat`, and renders again when that changes. */
export function useEditing(chat: ChatId): Editing | null {
  return useSyncExternalStore(subscribe, () => editing.get(chat) ?? null);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
