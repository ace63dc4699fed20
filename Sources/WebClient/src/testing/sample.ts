// Small values that tests begin from.

import type { EditedEntry, MessageDeletedEntry, PinnedEntry, ReactedEntry, ReactionTally, TextEntry, UnpinnedEntry } from "../protocol/frames";
import type { ChatSummary } from "../protocol/http-types";
import { isAccountId, isChatId, isMessageId } from "../protocol/ids";
import type { AccountId, ChatId, MessageId } from "../protocol/ids";

export function account(digit: string): AccountId {
  const id = digit.repeat(32);
  if (!isAccountId(id)) throw new Error("not an account");
  return id;
}

export function chatId(digit: string): ChatId {
  const id = digit.repeat(32);
  if (!isChatId(id)) throw new Error("not a chat");
  return id;
}

export const me = account("1");
export const you = account("2");

export function text(seq: number, n: number, from: AccountId = you, ts = 1_700_000_000_000 + seq): TextEntry {
  return { kind: "text", seq, n, ts, from, text: `text ${n}` };
}

export function summary(change: Partial<ChatSummary> = {}): ChatSummary {
  return {
    id: chatId("a"),
    kind: "private",
    name: "tea",
    fullName: "The tea round",
    creator: me,
    role: "owner",
    members: 2,
    epoch: 1,
    head: { seq: 10, n: 8 },
    mark: 8,
    marksVersion: 1,
    marks: [],
    last: text(10, 8),
    changed: 0,
    erased: [],
    peer: null,
    about: "",
    permissions: ["send", "media", "invite", "pin", "info"],
    pins: [],
    ...change,
  };
}

export function edited(seq: number, target: number, words?: string, from: AccountId = you): EditedEntry {
  const base = { kind: "edited", seq, n: 0, ts: 1_700_000_000_000 + seq, from, target } as const;
  return words === undefined ? base : { ...base, text: words };
}

/** What is said of `target` after `from` said `emoji`; without it, took back what it said. */
export function reacted(
  seq: number,
  target: number,
  emoji: string | undefined,
  tallies: readonly ReactionTally[],
  from: AccountId = you,
): ReactedEntry {
  const base = { kind: "reacted", seq, n: 0, ts: 1_700_000_000_000 + seq, from, target, tallies } as const;
  return emoji === undefined ? base : { ...base, emoji };
}

export function pinned(seq: number, target: number, from: AccountId = you): PinnedEntry {
  return { kind: "pinned", seq, n: 0, ts: 1_700_000_000_000 + seq, from, target };
}

export function unpinned(seq: number, target: number, from: AccountId = you): UnpinnedEntry {
  return { kind: "unpinned", seq, n: 0, ts: 1_700_000_000_000 + seq, from, target };
}

export function tally(emoji: string, ...first: readonly AccountId[]): ReactionTally {
  return { emoji, count: first.length, first };
}

function message(id: string): MessageId {
  if (!isMessageId(id)) throw new Error("not a message");
  return id;
}

export const messageId = message("0190b4a0c00070008000000000000001");

export function messageDeleted(seq: number, target: number, targetN: number, from: AccountId = you): MessageDeletedEntry {
  return { kind: "messageDeleted", seq, n: 0, ts: 1_700_000_000_000 + seq, from, target, targetN };
}
