// One chat as this client knows it: the summary that the cluster gave, and the entries seen since.

import type { ChatSummary, Person } from "../protocol/http-types";
import type { Entry, Mark, Place, UnseenEntry } from "../protocol/frames";
import type { AccountId } from "../protocol/ids";
import { withRole } from "./roles";
import { changedBy, isErased, isShown, isUnseen, newerOf, targetOf } from "./changes";

export interface Chat extends Omit<ChatSummary, "marks" | "last"> {
  /** The highest mark per account. */
  readonly marks: Readonly<Record<string, number>>;
  /** The lines of the thread: ascending by seq, each once, with their newest words. */
  readonly entries: readonly Entry[];
  /** What is no line: ascending by seq, each once. Numbers that are neither here nor there are a hole. */
  readonly changes: readonly UnseenEntry[];
  /** Entries up to this number lie before a hole and may have been changed in it; 0 for none. */
  readonly unchecked: number;
  /** Entries that others answer and that are not among `entries`, by their numbers. */
  readonly quoted: Readonly<Record<number, Entry>>;
}

/** More of them than a thread shows at once. */
const quotedMax = 400;
/** More ordinals of deleted messages than a list tells at once. */
const erasedMax = 2_000;
/** Changes that are held for each line that is. */
const changesPerLine = 4;

export type People = Readonly<Record<string, Person>>;

export function chatFrom(summary: ChatSummary, known: Chat | undefined, me: AccountId | null = null): Chat {
  const { marks, last, ...rest } = summary;
  const isSame = known !== undefined && known.epoch === summary.epoch;
  const head = isSame && known.head.seq > summary.head.seq ? known.head : summary.head;
  const chat: Chat = {
    ...rest,
    head,
    mark: Math.max(rest.mark, isSame ? known.mark : 0),
    marks: mergeMarks(isSame ? known.marks : {}, marks),
    entries: isSame ? known.entries : [],
    changes: isSame ? known.changes : [],
    quoted: isSame ? known.quoted : {},
    erased: union(isSame ? known.erased : [], rest.erased),
    pins: isSame && known.head.seq > summary.head.seq ? known.pins : rest.pins,
    unchecked: 0,
  };
  return merged(isSame && isStale(known, summary) ? withoutUnchecked(chat, followedTo(known)) : chat, last === null ? [] : [last], me);
}

/** The chat as its reader calls it: a direct one has no name but that of the other. */
export function named(chat: Chat, people: People): Chat {
  if (chat.peer === null) return chat;
  const { name, username } = people[chat.peer] ?? { name: "…", username: null };
  return { ...chat, name, fullName: username === null ? "" : `@${username}` };
}

/** Whether entries that are here were changed by others that never came. */
export function isStale(known: Chat, { changed }: Pick<ChatSummary, "changed">): boolean {
  return changed > followedTo(known);
}

/** Up to where the log was followed without a hole, so that no change of what is here was missed. */
function followedTo({ unchecked, head }: Chat): number {
  return unchecked === 0 ? head.seq : unchecked;
}

/** What was changed unseen goes; it can be loaded again. */
function withoutUnchecked(chat: Chat, upTo: number): Chat {
  const isSure = ({ seq }: Entry) => seq > upTo;
  return { ...chat, entries: chat.entries.filter(isSure), changes: chat.changes.filter(isSure), quoted: {} };
}

/** Entries that the cursor delivered: dense, after everything that it delivered before. */
export function withEntries(chat: Chat, entries: readonly Entry[], me: AccountId | null): Chat {
  let next: Chat = merged(chat, entries, me);
  for (const entry of entries) {
    next = { ...next, head: further(next.head, entry) };
    if (entry.kind === "messageDeleted") next = { ...next, erased: union(next.erased, [entry.targetN]) };
    if (entry.n > next.mark && entry.from !== null && entry.from === me) {
      next = { ...next, mark: entry.n };
    }
    next = withRole(next, entry, me);
    if (entry.kind === "pinned") next = { ...next, pins: union(next.pins, [entry.target]) };
    if (entry.kind === "unpinned" || entry.kind === "messageDeleted") {
      next = { ...next, pins: next.pins.filter((seq) => seq !== entry.target) };
    }
    if (entry.kind === "renamed") next = { ...next, name: entry.name, fullName: entry.fullName };
    if (entry.kind === "memberAdded") next = { ...next, members: next.members + 1 };
    if (entry.kind === "memberRemoved") next = { ...next, members: Math.max(0, next.members - 1) };
  }
  return next;
}

/** Entries of a page of history; they change nothing but what is known. */
export function withHistory(chat: Chat, entries: readonly Entry[], me: AccountId | null = null): Chat {
  return merged(chat, entries, me);
}

/** The chat with more of its log: lines, and what changes them, whichever came first. */
function merged(chat: Chat, more: readonly Entry[], me: AccountId | null): Chat {
  const lines = more.filter(isShown);
  const news = more.filter(isUnseen);
  const changes = mergeEntries(chat.changes, news);
  // A page may be older than changes that came before it.
  const last = Math.max(newest(chat)?.seq ?? 0, chat.changes[chat.changes.length - 1]?.seq ?? 0);
  const isNewer = lines.every(({ seq }) => seq > last);
  const entries = withChanges(mergeEntries(chat.entries, lines), isNewer ? news : changes, me);
  const quoted = news.some((one) => chat.quoted[targetOf(one)] !== undefined) ? quotedBy(chat.quoted, news, me) : chat.quoted;
  const gone = entries.filter(isErased);
  if (gone.length === 0) return { ...chat, entries, changes, quoted };
  return { ...chat, entries: entries.filter(isShown), changes: mergeEntries(changes, gone).map(wordless(gone)), quoted };
}

/** Edits of messages that are deleted have no words any more. */
function wordless(gone: readonly Entry[]): (change: UnseenEntry) => UnseenEntry {
  const seqs = new Set(gone.map(({ seq }) => seq));
  return (change) => {
    if (change.kind !== "edited" || !seqs.has(change.target)) return change;
    const { text: _, ...rest } = change;
    return rest;
  };
}

function withChanges(
  entries: readonly Entry[],
  changes: readonly UnseenEntry[],
  me: AccountId | null,
): readonly Entry[] {
  let result: Entry[] | null = null;
  for (const change of changes) {
    const place = placeOf(entries, targetOf(change));
    const before = (result ?? entries)[place];
    if (before === undefined) continue;
    const after = changedBy(before, change, me);
    if (after === before) continue;
    result ??= [...entries];
    result[place] = after;
  }
  return result ?? entries;
}

function quotedBy(known: Chat["quoted"], changes: readonly UnseenEntry[], me: AccountId | null): Chat["quoted"] {
  const quoted: Record<number, Entry> = { ...known };
  for (const change of changes) {
    const before = quoted[targetOf(change)];
    if (before !== undefined) quoted[targetOf(change)] = changedBy(before, change, me);
  }
  return quoted;
}

/** Entries that others answer; they are no part of the thread. When there are too many the oldest go. */
export function withQuoted(chat: Chat, entries: readonly Entry[], me: AccountId | null = null): Chat {
  const quoted: Record<number, Entry> = { ...chat.quoted };
  for (const entry of entries) quoted[entry.seq] = newerOf(quoted[entry.seq], entry);
  // Members that are numbers stand in their order.
  for (const seq of Object.keys(quoted).slice(0, -quotedMax)) delete quoted[Number(seq)];
  return { ...chat, quoted: quotedBy(quoted, chat.changes, me) };
}

/** The message `seq`, or what is left of it, from the thread or as others quote it; null when it is not here. O(log entries). */
export function entryAt(chat: Chat, seq: number): Entry | null {
  const entry = chat.entries[placeOf(chat.entries, seq)];
  if (entry?.seq === seq) return entry;
  const unseen = chat.changes[placeOf(chat.changes, seq)];
  return unseen?.seq === seq && isErased(unseen) ? unseen : chat.quoted[seq] ?? null;
}

/**
 * The chat with its newest `max` lines, and what changes them and not many times as much; the same when it has
 * no more. What was loaded once is in the archive.
 */
export function withNewest(chat: Chat, max: number): Chat {
  const { entries, changes } = chat;
  const first = Math.max(
    entries[entries.length - max]?.seq ?? 0,
    changes[changes.length - changesPerLine * max]?.seq ?? 0,
  );
  const isNew = ({ seq }: Entry) => seq >= first;
  return hasMoreThan(chat, max) ? { ...chat, entries: entries.filter(isNew), changes: changes.filter(isNew) } : chat;
}

/** Whether the chat holds more than `max` lines, or many times as many changes. */
export function hasMoreThan({ entries, changes }: Chat, max: number): boolean {
  return entries.length > max || changes.length > changesPerLine * max;
}

export function withHead(chat: Chat, head: Place): Chat {
  return head.seq > chat.head.seq ? { ...chat, head } : chat;
}

/** The log goes on after `head`, and what lies between is not known. */
export function withHole(chat: Chat, head: Place): Chat {
  return { ...withHead(chat, head), unchecked: followedTo(chat) };
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

export function unread({ head, mark, erased }: Chat): number {
  return Math.max(0, head.n - mark - erased.filter((n) => n > mark && n <= head.n).length);
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
export function holeBefore(chat: Pick<Chat, "entries" | "changes">, index: number): number | null {
  const entry = chat.entries[index];
  return entry === undefined ? null : holeBelow(chat, chat.entries[index - 1]?.seq ?? 0, entry.seq);
}

/** The same for the hole between the last line and the head. */
export function holeAtEnd(chat: Pick<Chat, "entries" | "changes" | "head">): number | null {
  return holeBelow(chat, chat.entries[chat.entries.length - 1]?.seq ?? 0, chat.head.seq + 1);
}

/** Before which number the entries between two that are here go missing. O(log changes) where none does. */
function holeBelow({ changes }: Pick<Chat, "changes">, above: number, below: number): number | null {
  let index = placeOf(changes, below);
  if (index - placeOf(changes, above + 1) === below - above - 1) return null;
  let before = below;
  for (; changes[index - 1]?.seq === before - 1; index -= 1) before -= 1;
  return before;
}

/** Ascending, each once, and no more than can be unread for long. */
function union(known: readonly number[], more: readonly number[]): readonly number[] {
  if (more.every((n) => known.includes(n))) return known;
  return [...new Set([...known, ...more])].sort((a, b) => a - b).slice(-erasedMax);
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

export function mergeEntries<T extends Entry>(known: readonly T[], more: readonly T[]): readonly T[] {
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
  const bySeq = new Map<number, T>();
  for (const entry of [...known, ...more]) bySeq.set(entry.seq, newerOf(bySeq.get(entry.seq), entry));
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
