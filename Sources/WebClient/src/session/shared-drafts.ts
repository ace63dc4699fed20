// What this browser knows of the drafts that the cluster has, beside the drafts themselves: other tabs and the next visit go
// on with it. Where there is no storage nothing is known, and a draft is shared again.

import { isChatId } from "../protocol/ids";
import type { ChatId } from "../protocol/ids";
import { prefix, replyPrefix, timePrefix } from "./drafts";
import type { Draft } from "./drafts";

/** No chat is called so: this is no draft, and goes with the drafts when somebody else comes. */
const sharedPrefix = `${prefix}shared.`;

/** Puts what was begun on another device in the place of what is here. */
export function putDraft(chat: ChatId, { text, ts, replyTo }: Draft): void {
  change(prefix + chat, text);
  change(timePrefix + chat, text === "" ? "" : String(ts));
  change(replyPrefix + chat, replyTo === 0 ? "" : String(replyTo));
  // Storage itself tells the other tabs alone.
  dispatchEvent(new StorageEvent("storage", { key: prefix + chat }));
}

/** What the cluster is known to have of a draft, in the words of who asked it. */
export function readShared(chat: ChatId): string {
  try {
    return localStorage.getItem(sharedPrefix + chat) ?? "";
  } catch {
    return "";
  }
}

export function saveShared(chat: ChatId, shared: string): void {
  change(sharedPrefix + chat, shared);
}

/** The chats that have a draft as far as is known on the cluster. */
export function sharedChats(): readonly ChatId[] {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(sharedPrefix));
    return keys.map((key) => key.slice(sharedPrefix.length)).filter(isChatId);
  } catch {
    return [];
  }
}

function change(key: string, value: string): void {
  try {
    if (value === "") localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Nothing is known then.
  }
}
