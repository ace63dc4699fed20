// Entries that change earlier ones: they are no lines of a thread, and what they say is folded into the entry
// that they change. Numbers of entries decide what is newer, never times.

import type { EditedEntry, Entry, TextEntry } from "../protocol/frames";

/** Whether an entry is a line of its thread by itself. */
export function isShown(entry: Entry): entry is Exclude<Entry, EditedEntry> {
  return entry.kind !== "edited";
}

export function isChange(entry: Entry): entry is EditedEntry {
  return entry.kind === "edited";
}

/** An entry after a change of it; the same when it is not changed, or was by a newer one already. */
export function changedBy<T extends Entry>(entry: T, change: EditedEntry): T | TextEntry {
  if (entry.kind !== "text" || entry.seq !== change.target || change.text === undefined) return entry;
  if (editOf(entry) >= change.seq) return entry;
  return { ...entry, text: change.text, edited: { seq: change.seq, ts: change.ts } };
}

/** Of two copies of one entry that with the newer words. */
export function newerOf<T extends Entry>(known: T | undefined, other: T): T {
  return known !== undefined && editOf(known) > editOf(other) ? known : other;
}

/** The number of the edit that gave an entry its words; 0 for none. */
function editOf(entry: Entry): number {
  return entry.kind === "text" ? entry.edited?.seq ?? 0 : 0;
}
