// Who types where, as a page shows it: for six seconds after they said so last, or until their message comes.

import type { Entry } from "../protocol/frames";
import type { AccountId, ChatId } from "../protocol/ids";

/** How long somebody is shown who says no more about it. */
export const typingLifetime = 6_000;

export interface Typist {
  readonly account: AccountId;
  readonly until: number;
  /** Where the log ended when it was said: a later message of theirs ends it. */
  readonly seq: number;
}

export type Typing = Readonly<Record<string, readonly Typist[]>>;

/** With somebody who types in a chat; those who have for longer come first. */
export function withTypist(typing: Typing, chat: ChatId, account: AccountId, seq: number, now: number): Typing {
  const typist = { account, until: now + typingLifetime, seq };
  const typists = typing[chat] ?? [];
  const isThere = typists.some((one) => one.account === account);
  return {
    ...typing,
    [chat]: isThere ? typists.map((one) => (one.account === account ? typist : one)) : [...typists, typist],
  };
}

/** Those who still type, as the clock and the newest entries of their chats say; the same when all do. */
export function stillTyping(typing: Typing, now: number, entriesOf: (chat: string) => readonly Entry[]): Typing {
  const left: Record<string, readonly Typist[]> = {};
  let isSame = true;
  for (const [chat, typists] of Object.entries(typing)) {
    const still = typists.filter((one) => one.until > now && !hasWritten(one, entriesOf(chat)));
    isSame &&= still.length === typists.length;
    if (still.length > 0) left[chat] = still.length === typists.length ? typists : still;
  }
  return isSame ? typing : left;
}

/** When the next of them is to be forgotten; null when there is nobody. */
export function nextEnd(typing: Typing): number | null {
  const ends = Object.values(typing).flatMap((typists) => typists.map((one) => one.until));
  return ends.length === 0 ? null : Math.min(...ends);
}

function hasWritten({ account, seq }: Typist, entries: readonly Entry[]): boolean {
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (entry === undefined || entry.seq <= seq) return false;
    if (entry.kind === "text" && entry.from === account) return true;
  }
  return false;
}
