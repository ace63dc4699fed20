import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { chatFrom, withEntries, withHead, withHole } from "./chat";
import { pinBefore, segmentsOf } from "./pins";
import { me, messageDeleted, pinned, summary, unpinned } from "../testing/sample";

test("pins come, go and go with their message; they are in the order of the messages", () => {
  const chat = chatFrom(summary({ pins: [9] }), undefined);
  const three = withEntries(chat, [pinned(11, 10), pinned(12, 3), pinned(13, 10)], me);
  deepEqual(three.pins, [3, 9, 10]);
  deepEqual(withEntries(three, [unpinned(14, 9), messageDeleted(15, 10, 8)], me).pins, [3]);
  equal(three.entries.filter(({ kind }) => kind === "pinned").length, 3);
  equal(withEntries(three, [unpinned(14, 9)], me).entries.length, three.entries.length);
});

test("a list says what is pinned unless it is older than what was followed", () => {
  const chat = withEntries(chatFrom(summary(), undefined), [pinned(11, 10)], me);
  deepEqual(chatFrom(summary(), chat).pins, [10]);
  deepEqual(chatFrom(summary({ head: { seq: 11, n: 8 }, pins: [10] }), chat).pins, [10]);
  deepEqual(chatFrom(summary({ head: { seq: 30, n: 8 }, pins: [2] }), withHole(chat, { seq: 30, n: 8 })).pins, [2]);
  deepEqual(chatFrom(summary({ epoch: 2 }), withHead(chat, { seq: 99, n: 9 })).pins, []);
  // What comes twice, by the list and by the log, is there once.
  const ahead = chatFrom(summary({ head: { seq: 12, n: 8 }, pins: [7] }), undefined);
  deepEqual(withEntries(ahead, [pinned(11, 10), unpinned(12, 10)], me).pins, [7]);
});

test("each press goes to the pin before, and from the oldest to the newest", () => {
  deepEqual([pinBefore(2, 3), pinBefore(0, 3), pinBefore(0, 1)], [1, 2, 0]);
});

test("the bar has segments for a few pins around the one that is shown", () => {
  deepEqual(segmentsOf(1, 2, 4), { first: 0, count: 2 });
  deepEqual(segmentsOf(9, 10, 4), { first: 6, count: 4 });
  deepEqual(segmentsOf(0, 10, 4), { first: 0, count: 4 });
  deepEqual(segmentsOf(5, 10, 4), { first: 3, count: 4 });
});
