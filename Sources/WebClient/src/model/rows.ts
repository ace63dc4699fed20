// What a thread shows, from what is known of it: messages in groups, service lines, holes, the line
// above what is unread, and what waits to be sent.

import { readByOthers } from "./chat";
import type { Chat } from "./chat";
import type { OutboxItem } from "./outbox";
import { dayKey } from "./time";
import { timeOf } from "./uuid";
import type { Entry } from "../protocol/frames";
import type { AccountId } from "../protocol/ids";

/** Messages of one person within this time stand in one group. */
const groupMilliseconds = 600_000;

export type RowDelivery = "sending" | "sent" | "read" | "failed";

interface RowBase {
  readonly key: string;
  readonly day: string;
  readonly ts: number;
}

export interface MessageRow extends RowBase {
  readonly kind: "message";
  readonly entry: Entry;
  readonly isOut: boolean;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly delivery: RowDelivery | null;
}

export interface PendingRow extends RowBase {
  readonly kind: "pending";
  readonly item: OutboxItem;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export interface ServiceRow extends RowBase {
  readonly kind: "service";
  readonly entry: Entry;
}

/** Entries below `before` are not here yet. */
export interface HoleRow extends RowBase {
  readonly kind: "hole";
  readonly before: number;
}

export interface UnreadRow extends RowBase {
  readonly kind: "unread";
}

export type Row = MessageRow | PendingRow | ServiceRow | HoleRow | UnreadRow;

/** What was unread when the chat was opened: messages above `mark` up to `head`. */
export interface UnreadAtOpen {
  readonly mark: number;
  readonly head: number;
}

export function rowsOf(
  chat: Chat,
  outbox: readonly OutboxItem[],
  me: AccountId | null,
  unread: UnreadAtOpen,
): readonly Row[] {
  const rows: Row[] = [];
  const readUpTo = readByOthers(chat, me);
  const firstUnread = unread.head > unread.mark ? unread.mark + 1 : 0;
  let previous = 0;
  for (const entry of chat.entries) {
    const base = { ts: entry.ts, day: dayKey(entry.ts) };
    if (entry.seq > previous + 1) {
      rows.push({ kind: "hole", key: `h${entry.seq}`, before: entry.seq, ...base });
    }
    previous = entry.seq;
    if (firstUnread > 0 && entry.n === firstUnread) {
      rows.push({ kind: "unread", key: "unread", ...base });
    }
    rows.push(rowOf(entry, me, readUpTo, base));
  }
  if (chat.head.seq > previous && chat.entries.length > 0) {
    const ts = rows[rows.length - 1]?.ts ?? 0;
    const before = chat.head.seq + 1;
    rows.push({ kind: "hole", key: `h${before}`, before, ts, day: dayKey(ts) });
  }
  for (const item of outbox) {
    if (item.chat !== chat.id) continue;
    const ts = item.state === "sent" ? item.ts : timeOf(item.cmid);
    rows.push({ kind: "pending", key: `p${item.cmid}`, item, isFirst: true, isLast: true, ts, day: dayKey(ts) });
  }
  return grouped(rows, me);
}

function rowOf(
  entry: Entry,
  me: AccountId | null,
  readUpTo: number,
  base: { readonly ts: number; readonly day: string },
): Row {
  const key = `e${entry.seq}`;
  if (entry.kind !== "text" && entry.kind !== "unknown") return { kind: "service", key, entry, ...base };
  const isOut = entry.from !== null && entry.from === me;
  const delivery = !isOut ? null : entry.n <= readUpTo ? "read" : "sent";
  return { kind: "message", key, entry, isOut, isFirst: true, isLast: true, delivery, ...base };
}

function grouped(rows: readonly Row[], me: AccountId | null): readonly Row[] {
  return rows.map((row, index) => {
    if (row.kind !== "message" && row.kind !== "pending") return row;
    return {
      ...row,
      isFirst: !belongTogether(rows[index - 1], row, me),
      isLast: !belongTogether(row, rows[index + 1], me),
    };
  });
}

function belongTogether(a: Row | undefined, b: Row | undefined, me: AccountId | null): boolean {
  if (a === undefined || b === undefined || a.day !== b.day) return false;
  const from = senderOf(a, me);
  if (from === undefined || from !== senderOf(b, me)) return false;
  return Math.abs(b.ts - a.ts) <= groupMilliseconds;
}

function senderOf(row: Row, me: AccountId | null): AccountId | null | undefined {
  if (row.kind === "message") return row.entry.from;
  return row.kind === "pending" ? me : undefined;
}
