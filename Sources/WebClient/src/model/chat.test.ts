import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { mergeEntries } from "./chat";
import { text } from "../testing/sample";

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
