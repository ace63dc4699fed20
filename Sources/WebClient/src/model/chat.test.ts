import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { chatFrom, entryAt, mergeEntries, withEntries, withQuoted } from "./chat";
import { me, summary, text } from "../testing/sample";

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
