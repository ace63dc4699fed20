// One chat as this client knows it: the summary that the cluster gave, and the entries seen since.

import type { ChatSummary, Person } from "../protocol/http-types";
import type { Entry, Mark, Place } from "../protocol/frames";
import type { AccountId } from "../protocol/ids";

export interface Chat extends Omit<ChatSummary, "marks" | "last"> {
  /** The highest mark per account. */
  readonly marks: Readonly<Record<string, number>>;
  /** Ascending by seq, each once; numbers that are missing between two are a hole. */
  readonly entries: readonly Entry[];
  /** Entries that others answer and that are not among `entries`, by their numbers. */
  readonly quoted: Readonly<Record<number, Entry>>;
}

/** More of them than a thread shows at once. */
const quotedMax = 400;

export type People = Readonly<Record<string, Person>>;

export function chatFrom(summary: ChatSummary, known: Chat | undefined): Chat {
  const { marks, last, ...rest } = summary;
  const isSame = known !== undefined && known.epoch === summary.epoch;
  const entries = mergeEntries(isSame ? known.entries : [], last === null ? [] : [last]);
  const head = isSame && known.head.seq > summary.head.seq ? known.head : summary.head;
  return {
    ...rest,
    head,
    mark: Math.max(rest.mark, isSame ? known.mark : 0),
    marks: mergeMarks(isSame ? known.marks : {}, marks),
    entries,
    quoted: isSame ? known.quoted : {},
  };
}

/** Entries that the cursor delivered: dense, after everything that it delivered before. */
export function withEntries(chat: Chat, entries: readonly Entry[], me: AccountId | null): Chat {
  let next: Chat = { ...chat, entries: mergeEntries(chat.entries, entries) };
  for (const entry of entries) {
    next = { ...next, head: further(next.head, entry) };
    if (entry.n > next.mark && entry.from !== null && entry.from === me) {
      next = { ...next, mark: entry.n };
    }
    if (entry.kind === "renamed") next = { ...next, name: entry.name, fullName: entry.fullName };
    if (entry.kind === "memberAdded") next = { ...next, members: next.members + 1 };
    if (entry.kind === "memberRemoved") next = { ...next, members: Math.max(0, next.members - 1) };
  }
  return next;
}

/** Entries of a page of history; they change nothing but what is known. */
export function withHistory(chat: Chat, entries: readonly Entry[]): Chat {
  return { ...chat, entries: mergeEntries(chat.entries, entries) };
}

/** Entries that others answer; they are no part of the thread. When there are too many the oldest go. */
export function withQuoted(chat: Chat, entries: readonly Entry[]): Chat {
  const quoted: Record<number, Entry> = { ...chat.quoted };
  for (const entry of entries) quoted[entry.seq] = entry;
  // Members that are numbers stand in their order.
  for (const seq of Object.keys(quoted).slice(0, -quotedMax)) delete quoted[Number(seq)];
  return { ...chat, quoted };
}

/** The entry `seq`, from the thread or as others quote it; null when it is not here. O(log entries). */
export function entryAt(chat: Chat, seq: number): Entry | null {
  const entry = chat.entries[placeOf(chat.entries, seq)];
  return entry?.seq === seq ? entry : chat.quoted[seq] ?? null;
}

/** The chat with its newest `max` entries; the same when it has no more. What was loaded once is in the archive. */
export function withNewest(chat: Chat, max: number): Chat {
  const { length } = chat.entries;
  return length <= max ? chat : { ...chat, entries: chat.entries.slice(length - max) };
}

export function withHead(chat: Chat, head: Place): Chat {
  return head.seq > chat.head.seq ? { ...chat, head } : chat;
}

export function withMarks(chat: Chat, marks: readonly Mark[], version: number, me: AccountId | null): Chat {
  const merged = mergeMarks(chat.marks, marks);
  const mine = me === null ? 0 : merged[me] ?? 0;
  return {
    ...chat,
    marks: merged,
    marksVersion: Math.max(chat.marksVersion, version),
    mark: Math.max(chat.mark, mine),
  };
}

export function unread(chat: Chat): number {
  return Math.max(0, chat.head.n - chat.mark);
}

export function newest(chat: Chat): Entry | null {
  return chat.entries[chat.entries.length - 1] ?? null;
}

/** How far somebody else than me has read. */
export function readByOthers(chat: Chat, me: AccountId | null): number {
  let highest = 0;
  for (const [account, n] of Object.entries(chat.marks)) {
    if (account !== me && n > highest) highest = n;
  }
  return highest;
}

/** The number before which history has to be asked to fill the hole right above `index`; null for none. */
export function holeBefore(entries: readonly Entry[], index: number): number | null {
  const entry = entries[index];
  if (entry === undefined) return null;
  const previous = entries[index - 1];
  const before = previous === undefined ? 0 : previous.seq;
  return entry.seq > before + 1 ? entry.seq : null;
}

/** The title in lists and headers. */
export function titleOf(chat: Chat): string {
  return chat.name;
}

function further(head: Place, entry: Entry): Place {
  if (entry.seq <= head.seq) return head;
  return { seq: entry.seq, n: Math.max(head.n, entry.n) };
}

function mergeMarks(known: Readonly<Record<string, number>>, marks: readonly Mark[]) {
  const merged: Record<string, number> = { ...known };
  for (const { account, n } of marks) merged[account] = Math.max(merged[account] ?? 0, n);
  return merged;
}

export function mergeEntries(known: readonly Entry[], more: readonly Entry[]): readonly Entry[] {
  if (more.length === 0) return known;
  const last = known[known.length - 1];
  const first = more[0];
  const isSorted = more.every((entry, index) => index === 0 || entry.seq > (more[index - 1]?.seq ?? 0));
  if (isSorted && first !== undefined && (last === undefined || first.seq > last.seq)) {
    return known.concat(more);
  }
  if (isSorted && first !== undefined) {
    const at = placeOf(known, first.seq);
    const after = placeOf(known, (more[more.length - 1]?.seq ?? 0) + 1);
    // A page that fills a hole: nothing that it holds is here yet.
    if (at === after) return known.slice(0, at).concat(more, known.slice(at));
  }
  const bySeq = new Map<number, Entry>();
  for (const entry of [...known, ...more]) bySeq.set(entry.seq, entry);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** The index of the first entry whose number is `seq` or higher. O(log entries). */
export function placeOf(entries: readonly Entry[], seq: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
