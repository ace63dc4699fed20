// Texts that were begun and not sent, per chat, across reloads.

import type { ChatId } from "../protocol/ids";

const prefix = "chaticket.draft.";

export function readDraft(chat: ChatId): string {
  try {
    return localStorage.getItem(prefix + chat) ?? "";
  } catch {
    return "";
  }
}

export function saveDraft(chat: ChatId, text: string): void {
  try {
    if (text === "") localStorage.removeItem(prefix + chat);
    else localStorage.setItem(prefix + chat, text);
  } catch {
    // Without storage a draft lasts as long as the chat is open.
  }
}
