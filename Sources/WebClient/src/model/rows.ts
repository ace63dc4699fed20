// What a thread shows, from what is known of it: messages in groups, service lines, holes, the line
// above what is unread, and what waits to be sent.

import { holeAtEnd, holeBefore, readByOthers } from "./chat";
import type { Chat } from "./chat";
import { isMessage } from "./outbox";
import type { OutboxItem } from "./outbox";
import { reactedBy, waitingReactions } from "./reactions";
import { dayKey } from "./time";
import { timeOf } from "./uuid";
import type { Entry, Origin, TextEntry } from "../protocol/frames";
import type { AccountId, ChatId } from "../protocol/ids";

/** Messages of one person within this time stand in one group. */
const groupMilliseconds = 600_000;
/** For so long a message may be changed by who wrote it. */
export const editMilliseconds = 48 * 3_600_000;

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

/** The rows of entries as they were made last: who passes it again gets the same row for what is the same. */
export type KnownRows = WeakMap<Entry, MessageRow | ServiceRow>;

/** A stretch of a chat's entries by index, `end` not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The rows of a stretch of a chat's entries, of all when none is given. Groups go on beyond its edges;
 * what waits to be sent follows the last entry. O(stretch), and of the entries in `known` next to nothing
 * is made again.
 */
export function rowsOf(
  chat: Chat,
  outbox: readonly OutboxItem[],
  me: AccountId | null,
  unread: UnreadAtOpen,
  known: KnownRows = new WeakMap(),
  span: Span = { start: 0, end: chat.entries.length },
): readonly Row[] {
  const rows: Row[] = [];
  const { entries } = chat;
  const readUpTo = readByOthers(chat, me);
  const firstUnread = firstUnreadOf(unread, chat.erased);
  const deleted = deletedOf(outbox, chat.id);
  const edits = editsOf(outbox, chat.id);
  const reactions = waitingReactions(outbox, chat.id);
  const message = (entry: Entry) => {
    const edit = edits.get(entry.seq);
    const reaction = reactions.get(entry.seq);
    const base = baseOf(entry, known);
    if ((edit ?? reaction) === undefined || entry.kind !== "text") return rowOf(entry, me, readUpTo, base, known);
    const words = edit === undefined ? entry : editedBy(entry, edit);
    const row = rowOf(reaction === undefined ? words : reactedBy(words, reaction, me), me, readUpTo, base, known);
    return edit !== undefined && row.kind === "message" ? { ...row, delivery: "sending" as const } : row;
  };
  for (const [index, entry] of entries.slice(span.start, span.end).entries()) {
    const base = baseOf(entry, known);
    const before = holeBefore(chat, span.start + index);
    if (before !== null) rows.push({ kind: "hole", key: `h${before}`, before, ...base });
    if (firstUnread > 0 && entry.n === firstUnread) rows.push({ kind: "unread", key: "unread", ...base });
    if (deleted.has(entry.seq)) continue;
    rows.push(message(entry));
  }
  const above = entries[span.start - 1];
  const below = entries[span.end];
  const isParted = below === undefined || below.n === firstUnread || holeBefore(chat, span.end) !== null;
  if (below === undefined) rows.push(...lastRows(chat, outbox));
  return grouped(
    rows,
    me,
    known,
    above === undefined ? undefined : message(above),
    isParted ? undefined : message(below),
  );
}

/** The edits of a chat that wait, by the messages that they change. A refused one has a row of its own. */
function editsOf(outbox: readonly OutboxItem[], chat: ChatId): ReadonlyMap<number, OutboxItem> {
  const edits = new Map<number, OutboxItem>();
  for (const item of outbox) {
    if (item.chat === chat && item.edits !== undefined && item.state !== "failed") edits.set(item.edits, item);
  }
  return edits;
}

const edited = new WeakMap<OutboxItem, { readonly base: TextEntry; readonly entry: TextEntry }>();

/** A message with the words that wait for it: the same value while both are the same. */
function editedBy(base: TextEntry, item: OutboxItem): TextEntry {
  const made = edited.get(item);
  if (made?.base === base) return made.entry;
  const entry = { ...base, text: item.text, edited: base.edited ?? { seq: 0, ts: timeOf(item.cmid) } };
  edited.set(item, { base, entry });
  return entry;
}

/** The number of the message that a row answers, or says to be pinned; 0 for none. */
export function repliedBy(row: Row): number {
  if (row.kind === "pending") return row.item.replyTo ?? 0;
  if (row.kind === "service" && row.entry.kind === "pinned") return row.entry.target;
  return row.kind === "message" && row.entry.kind === "text" ? row.entry.replyTo ?? 0 : 0;
}

/** Who wrote the words of a forwarded row first; null while only the cluster knows, undefined of any other row. */
export function originOf(row: Row): Origin | null | undefined {
  if (row.kind === "pending") return row.item.forwards === undefined ? undefined : null;
  return row.kind === "message" && row.entry.kind === "text" ? row.entry.origin : undefined;
}

/** Whether the words of a row may be changed: a message that I wrote and that is not too old. */
export function isEditable(row: Row, now: number): boolean {
  if (row.kind !== "message" || !row.isOut || row.entry.kind !== "text") return false;
  return row.entry.origin === undefined && now - row.ts < editMilliseconds;
}

/** Whether a row may be deleted for everybody: a message of mine, or any where I may delete those of others. */
export function isDeletable(row: Row, mayDelete: boolean): boolean {
  return row.kind === "message" && row.entry.kind === "text" && (row.isOut || mayDelete);
}

/** The ordinal of the first message that was unread and is not deleted; 0 for none. */
export function firstUnreadOf({ mark, head }: UnreadAtOpen, erased: readonly number[]): number {
  let first = mark + 1;
  while (erased.includes(first)) first += 1;
  return head >= first ? first : 0;
}

/** The messages of a chat whose deletion waits. */
function deletedOf(outbox: readonly OutboxItem[], chat: ChatId): ReadonlySet<number> {
  return new Set(outbox.flatMap((item) => (item.chat === chat && item.deletes !== undefined ? [item.deletes] : [])));
}

/** What follows the last entry: the hole up to the head, and what waits to be sent. */
function lastRows(chat: Chat, outbox: readonly OutboxItem[]): readonly Row[] {
  const rows: Row[] = [];
  const last = chat.entries[chat.entries.length - 1];
  const before = holeAtEnd(chat);
  if (last !== undefined && before !== null) {
    rows.push({ kind: "hole", key: `h${before}`, before, ts: last.ts, day: dayKey(last.ts) });
  }
  for (const item of outbox) {
    const isLine = isMessage(item) || (item.edits !== undefined && item.state === "failed");
    if (item.chat !== chat.id || !isLine) continue;
    const ts = item.state === "sent" ? item.ts : timeOf(item.cmid);
    rows.push({ kind: "pending", key: `p${item.cmid}`, item, isFirst: true, isLast: true, ts, day: dayKey(ts) });
  }
  return rows;
}

function baseOf(entry: Entry, known: KnownRows): { readonly ts: number; readonly day: string } {
  return { ts: entry.ts, day: known.get(entry)?.day ?? dayKey(entry.ts) };
}

function rowOf(
  entry: Entry,
  me: AccountId | null,
  readUpTo: number,
  base: { readonly ts: number; readonly day: string },
  known: KnownRows,
): Row {
  const key = `e${entry.seq}`;
  if (entry.kind !== "text" && entry.kind !== "unknown") {
    const before = known.get(entry);
    if (before?.kind === "service") return before;
    const row: ServiceRow = { kind: "service", key, entry, ...base };
    known.set(entry, row);
    return row;
  }
  const isOut = entry.from !== null && entry.from === me;
  const delivery = !isOut ? null : entry.n <= readUpTo ? "read" : "sent";
  return { kind: "message", key, entry, isOut, isFirst: true, isLast: true, delivery, ...base };
}

/** `above` and `below` are the rows that the stretch was cut from. */
function grouped(
  rows: readonly Row[],
  me: AccountId | null,
  known: KnownRows,
  above: Row | undefined,
  below: Row | undefined,
): readonly Row[] {
  return rows.map((row, index) => {
    if (row.kind !== "message" && row.kind !== "pending") return row;
    const isFirst = !belongTogether(index === 0 ? above : rows[index - 1], row, me);
    const isLast = !belongTogether(row, index === rows.length - 1 ? below : rows[index + 1], me);
    if (row.kind === "pending") return { ...row, isFirst, isLast };
    const before = known.get(row.entry);
    if (before?.kind === "message" && isAlike(before, row, isFirst, isLast)) return before;
    const made = { ...row, isFirst, isLast };
    known.set(row.entry, made);
    return made;
  });
}

function isAlike(before: MessageRow, row: MessageRow, isFirst: boolean, isLast: boolean): boolean {
  return (
    before.isFirst === isFirst && before.isLast === isLast && before.isOut === row.isOut &&
    before.delivery === row.delivery
  );
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
