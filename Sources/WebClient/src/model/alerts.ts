// Which messages one is told of that came while one was elsewhere, and until when.

import type { Chat } from "./chat";
import type { Entry } from "../protocol/frames";
import type { AccountId, ChatId } from "../protocol/ids";

/** The newest message of a chat that somebody wrote and one has not read. */
export interface Alert {
  readonly chat: ChatId;
  readonly entry: Entry;
}

export interface Watch {
  /** How far each chat was looked at, as the ordinal of its newest message. */
  readonly seen: Readonly<Record<string, number>>;
  /** What is not read yet, one of each chat, the newest last; the same list while nothing changes. */
  readonly alerts: readonly Alert[];
}

/**
 * What is to be told after chats have changed, and what of it is new. A `watch` of null begins one: what is there
 * already is no news. `isQuiet` says of which chats nothing is to be told: they are open, or muted. O(chats).
 */
export function watchChats(
  watch: Watch | null,
  chats: Readonly<Record<string, Chat>>,
  me: AccountId | null,
  isQuiet: (chat: Chat) => boolean,
): { readonly watch: Watch; readonly fresh: readonly Alert[] } {
  const seen: Record<string, number> = {};
  const fresh: Alert[] = [];
  for (const chat of Object.values(chats)) {
    const last = newestOf(chat, () => true);
    const before = watch?.seen[chat.id] ?? 0;
    seen[chat.id] = last?.n ?? 0;
    if (watch === null || last === null || last.n <= Math.max(before, chat.mark) || isQuiet(chat)) continue;
    const entry = newestOf(chat, ({ kind, from }) => kind === "text" && from !== me);
    if (entry !== null && entry.n > Math.max(before, chat.mark)) fresh.push({ chat: chat.id, entry });
  }
  const known = watch?.alerts ?? [];
  const kept = known.filter(({ chat: id, entry }) => {
    const chat = chats[id];
    return chat !== undefined && entry.n > chat.mark && !isQuiet(chat) && !fresh.some((alert) => alert.chat === id);
  });
  const isSame = fresh.length === 0 && kept.length === known.length;
  return { watch: { seen, alerts: isSame ? known : [...kept, ...fresh] }, fresh };
}

/** The newest message that `isWanted`; what only tells of the chat has no ordinal, and is none. */
function newestOf({ entries }: Chat, isWanted: (entry: Entry) => boolean): Entry | null {
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (entry !== undefined && entry.n > 0 && isWanted(entry)) return entry;
  }
  return null;
}
