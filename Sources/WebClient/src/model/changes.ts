// Entries that change earlier ones, and what is left of a message that was deleted: they are no lines of a thread, and what
// they say is folded into the entry that they change. Numbers of entries decide what is newer, never times.

import type { Entry, ErasedEntry, ReactedEntry, TextEntry, UnseenEntry } from "../protocol/frames";
import type { AccountId } from "../protocol/ids";

/** Whether an entry is a line of its thread by itself. */
export function isShown(entry: Entry): entry is Exclude<Entry, UnseenEntry> {
  return !isUnseen(entry);
}

export function isUnseen(entry: Entry): entry is UnseenEntry {
  return entry.kind === "edited" || entry.kind === "erased" || entry.kind === "messageDeleted" || entry.kind === "reacted" || entry.kind === "unpinned";
}

/** The number of the entry that an unseen one says something about. */
export function targetOf(unseen: UnseenEntry): number {
  return unseen.kind === "erased" ? unseen.seq : unseen.target;
}

/** An entry after what an unseen one says of it; the same when it is not changed, or was by a newer one already. */
export function changedBy(entry: Entry, change: UnseenEntry, me: AccountId | null): Entry {
  if (entry.kind !== "text" || entry.seq !== targetOf(change)) return entry;
  if (change.kind === "erased") return change;
  if (change.kind === "reacted") return reactedBy(entry, change, me);
  const { seq, n, ts, from } = entry;
  const by = { seq: change.seq, ts: change.ts };
  if (change.kind === "messageDeleted") return { kind: "erased", seq, n, ts, from, deleted: by } as const;
  if (change.kind !== "edited" || change.text === undefined || editOf(entry) >= change.seq) return entry;
  return { ...entry, text: change.text, edited: by };
}

/** A change says all that is said of the message, but for what I say myself where it is of another. */
function reactedBy(entry: TextEntry, { seq, from, emoji, tallies }: ReactedEntry, me: AccountId | null): TextEntry {
  if (saidOf(entry) >= seq) return entry;
  const mine = me !== null && from === me ? emoji : entry.reactions?.mine;
  return { ...entry, reactions: { seq, ...(mine === undefined ? {} : { mine }), tallies } };
}

/** What is left of a message that was deleted. */
export function isErased(entry: Entry | null | undefined): entry is ErasedEntry {
  return entry?.kind === "erased";
}

/** Of two copies of one entry the newer words, and what is newer of what people say of it. */
export function newerOf<T extends Entry>(known: T | undefined, other: T): T {
  if (known === undefined) return other;
  const words = editOf(known) > editOf(other) ? known : other;
  const said = saidOf(known) > saidOf(other) ? known : other;
  if (words === said || words.kind !== "text" || said.kind !== "text" || said.reactions === undefined) return words;
  return { ...words, reactions: said.reactions };
}

/** The number of the entry up to which it is counted what people say of an entry; 0 for none. */
function saidOf(entry: Entry): number {
  return entry.kind === "text" ? entry.reactions?.seq ?? 0 : 0;
}

/** The number of the edit that gave an entry its words; 0 for none. Nothing is newer than a deletion. */
function editOf(entry: Entry): number {
  if (entry.kind === "erased") return Infinity;
  return entry.kind === "text" ? entry.edited?.seq ?? 0 : 0;
}
