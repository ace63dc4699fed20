import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import {
  chatFrom, entryAt, holeAtEnd, holeBefore, mergeEntries, newest, unread, withEntries, withHead, withHistory, withHole,
  withMarks, withNewest, withQuoted,
} from "./chat";
import type { Chat } from "./chat";
import type { Entry } from "../protocol/frames";
import { edited, me, messageDeleted, summary, text } from "../testing/sample";

function seqs(known: readonly number[], more: readonly number[]): readonly number[] {
  return mergeEntries(known.map((seq) => text(seq, seq)), more.map((seq) => text(seq, seq))).map(({ seq }) => seq);
}

test("pages of history fall into their hole, at the beginning, in the middle and at the end", () => {
  deepEqual(seqs([7, 8], [5, 6]), [5, 6, 7, 8]);
  deepEqual(seqs([1, 2, 7, 8], [4, 5]), [1, 2, 4, 5, 7, 8]);
  deepEqual(seqs([1, 2], [3]), [1, 2, 3]);
  deepEqual(seqs([], [3, 4]), [3, 4]);
});

test("what overlaps or is out of order is there once and in order", () => {
  deepEqual(seqs([4, 5, 6], [3, 4, 5]), [3, 4, 5, 6]);
  deepEqual(seqs([1, 9], [8, 2, 5]), [1, 2, 5, 8, 9]);
  deepEqual(seqs([1, 2, 3], [2]), [1, 2, 3]);
});

test("nothing new is the same list", () => {
  const known = [text(1, 1)];
  equal(mergeEntries(known, []), known);
});

test("an entry is found in the thread or among what others answer, and nowhere else", () => {
  const chat = withQuoted(chatFrom(summary(), undefined), [text(3, 2)]);
  deepEqual([3, 10].map((seq) => entryAt(chat, seq)?.seq), [3, 10]);
  deepEqual([0, 2, 4, 9, 11].map((seq) => entryAt(chat, seq)), [null, null, null, null, null]);
  // What others answer is no part of the thread.
  deepEqual(chat.entries.map(({ seq }) => seq), [10]);
  const later = withEntries(chat, [text(11, 9)], me);
  deepEqual(entryAt(later, 3), text(3, 2));
});

test("what others answer stays with the log, and goes with it", () => {
  const chat = withQuoted(chatFrom(summary(), undefined), [text(3, 2)]);
  deepEqual(entryAt(chatFrom(summary(), chat), 3), text(3, 2));
  equal(entryAt(chatFrom(summary({ epoch: 2 }), chat), 3), null);
});

test("of what others answer the newest 400 stay", () => {
  let chat = chatFrom(summary(), undefined);
  for (let seq = 1_000; seq > 0; seq -= 1) chat = withQuoted(chat, [text(seq + 10, seq)]);
  equal(Object.keys(chat.quoted).length, 400);
  for (let seq = 1; seq <= 500; seq += 1) chat = withQuoted(chat, [text(seq + 10, seq)]);
  deepEqual([610, 611, 1_010].map((seq) => entryAt(chat, seq)?.seq ?? null), [null, 611, 1_010]);
});

function wordsOf(chat: Chat, seq: number): string | null {
  const entry = entryAt(chat, seq);
  return entry?.kind === "text" ? `${entry.text} ${entry.edited?.seq ?? 0}` : null;
}

test("an edit changes its message and what quotes it, and is no line of the thread", () => {
  const chat = withQuoted(chatFrom(summary(), undefined), [text(3, 2)]);
  const after = withEntries(chat, [edited(11, 10, "tea"), edited(12, 3, "milk"), edited(13, 4, "gone")], me);
  deepEqual([wordsOf(after, 10), wordsOf(after, 3)], ["tea 11", "milk 12"]);
  deepEqual(after.entries.map(({ seq }) => seq), [10]);
  deepEqual([after.head, unread(after)], [{ seq: 13, n: 8 }, 0]);
  equal(newest(after)?.seq, 10);
});

test("of two edits the one with the higher number counts, whichever comes first", () => {
  const chat = chatFrom(summary(), undefined);
  const forth = withEntries(chat, [edited(11, 10, "one"), edited(12, 10, "two")], me);
  equal(wordsOf(forth, 10), "two 12");
  // A page that was read before the edits were pushed, one between them, and the edit as it is told later.
  const middle: Entry = { ...text(10, 8), kind: "text", text: "one", edited: { seq: 11, ts: 1 } };
  for (const page of [[text(10, 8)], [middle], [edited(11, 10)]]) {
    equal(wordsOf(withHistory(forth, page), 10), "two 12");
  }
  const newer: Entry = { ...text(10, 8), kind: "text", text: "three", edited: { seq: 20, ts: 1 } };
  equal(wordsOf(withEntries(withHistory(chat, [newer]), [edited(11, 10, "one")], me), 10), "three 20");
});

test("an older page gets the edits that came before it", () => {
  const chat = withEntries(chatFrom(summary(), undefined), [edited(11, 5, "tea")], me);
  equal(wordsOf(withHistory(chat, [text(4, 3), text(5, 4)]), 5), "tea 11");
  equal(wordsOf(withQuoted(chat, [text(5, 4)]), 5), "tea 11");
});

test("numbers that edits have are no holes, and what is missing beside them is", () => {
  const chat = withHistory(chatFrom(summary({ last: null, head: { seq: 9, n: 3 } }), undefined), [
    text(1, 1), edited(2, 1, "a"), edited(3, 1, "b"), text(4, 2), edited(7, 4, "c"), text(8, 3), edited(9, 8, "d"),
  ]);
  deepEqual([0, 1, 2].map((index) => holeBefore(chat, index)), [null, null, 7]);
  equal(holeAtEnd(chat), null);
  equal(holeAtEnd(withHead(chat, { seq: 12, n: 3 })), 13);
  const last = withEntries(withHead(chat, { seq: 12, n: 3 }), [edited(12, 8, "e")], me);
  equal(holeAtEnd(last), 12);
});

test("what may have been changed unseen is dropped, and nothing else", () => {
  const known = withHistory(chatFrom(summary(), undefined), [text(9, 7)]);
  const seqsAfter = (chat: Chat) => chat.entries.map(({ seq }) => seq);
  // Nothing was changed since, or what was changed had come.
  deepEqual(seqsAfter(chatFrom(summary({ head: { seq: 30, n: 9 }, last: text(30, 9) }), known)), [9, 10, 30]);
  deepEqual(seqsAfter(chatFrom(summary({ changed: 10 }), known)), [9, 10]);
  deepEqual(seqsAfter(chatFrom(summary({ head: { seq: 30, n: 9 }, last: text(29, 9), changed: 30 }), known)), [29]);
  // After a hole the list says it of what lies before.
  const after = withEntries(withHole(known, { seq: 50, n: 40 }), [text(51, 41)], me);
  const heard = (changed: number) => chatFrom(summary({ head: { seq: 51, n: 41 }, last: text(51, 41), changed }), after);
  deepEqual(seqsAfter(heard(10)), [9, 10, 51]);
  deepEqual(seqsAfter(heard(11)), [51]);
  equal(heard(11).unchecked, 0);
  equal(withHole(after, { seq: 90, n: 70 }).unchecked, 10);
});

test("lines and changes are both bounded where nobody looks", () => {
  const chat = withHistory(chatFrom(summary(), undefined), [
    ...[11, 12, 13].map((seq) => text(seq, seq)), ...[14, 15, 16, 17, 18, 19].map((seq) => edited(seq, 13, `${seq}`)),
  ]);
  equal(withNewest(chat, 4), chat);
  const short = withNewest(chat, 1);
  deepEqual([short.entries.map(({ seq }) => seq), short.changes.length], [[], 4]);
  deepEqual(withNewest(chat, 2).entries.map(({ seq }) => seq), [12, 13]);
});

test("a deletion takes the line, its words everywhere, and nothing of the numbers", () => {
  const known = withHistory(withQuoted(chatFrom(summary(), undefined), [text(3, 2)]), [text(8, 6), text(9, 7)]);
  const edits = withEntries(known, [edited(11, 9, "tea"), edited(12, 9, "milk")], me);
  const after = withEntries(edits, [messageDeleted(13, 9, 7), messageDeleted(14, 3, 2)], me);
  deepEqual(after.entries.map(({ seq }) => seq), [8, 10]);
  equal(JSON.stringify(after).includes("milk"), false);
  deepEqual([entryAt(after, 9)?.kind, entryAt(after, 3)?.kind], ["erased", "erased"]);
  deepEqual([1, 2].map((index) => holeBefore(after, index)), [null, null]);
  equal(holeAtEnd(after), null);
  // An older page, and a newer one, bring nothing back.
  for (const page of [[text(9, 7)], [{ ...text(9, 7), kind: "erased", deleted: { seq: 13, ts: 1 } } as const]]) {
    deepEqual(withHistory(after, page).entries.map(({ seq }) => seq), [8, 10]);
  }
  equal(newest(withEntries(after, [messageDeleted(15, 10, 8)], me))?.seq, 8);
});

test("what is deleted is not unread, before and after one reads on", () => {
  const chat = chatFrom(summary({ head: { seq: 20, n: 18 }, mark: 10, erased: [12, 15] }), undefined);
  const read = (n: number) => unread(withMarks(chat, [{ account: me, n }], 2, me));
  deepEqual([unread(chat), read(11), read(12), read(14), read(18)], [6, 5, 5, 3, 0]);
  const less = withEntries(chat, [messageDeleted(21, 15, 14), messageDeleted(22, 3, 2)], me);
  deepEqual([unread(less), less.mark], [5, 10]);
  // The list says it again, and says no less than was heard.
  equal(unread(chatFrom(summary({ head: { seq: 20, n: 18 }, mark: 10, erased: [12, 15] }), less)), 5);
});
