import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { chatFrom, mergeEntries } from "../../model/chat";
import type { Chat } from "../../model/chat";
import type { Entry } from "../../protocol/frames";
import { summary, text } from "../../testing/sample";
import { beforeFor, entryOf } from "./use-placing";

const atOpen = { mark: 0, head: 0 };

function chatWith(entries: readonly Entry[], head: number): Chat {
  return { ...chatFrom(summary({ head: { seq: head, n: head }, last: null }), undefined), entries };
}

/** How many pages it takes until the entry `seq` is here, when at most `size` entries come at once. */
function pagesUntil(seq: number, here: readonly number[], size: number): number {
  let chat = chatWith(here.map((one) => text(one, one)), 1_000);
  for (let pages = 0; pages < 100; pages += 1) {
    if (entryOf(chat, { kind: "found", seq }, atOpen) !== null) return pages;
    const before = beforeFor(chat, seq);
    if (before === null) return -1;
    const page: Entry[] = [];
    for (let one = Math.max(1, before - size); one < before; one += 1) page.push(text(one, one));
    chat = { ...chat, entries: mergeEntries(chat.entries, page) };
  }
  return Infinity;
}

test("a message that is here needs no page, one that is not needs one, wherever it is", () => {
  equal(pagesUntil(1_000, [999, 1_000], 60), 0);
  for (const seq of [1, 2, 40, 500, 940, 998]) equal(pagesUntil(seq, [999, 1_000], 60), 1);
  equal(pagesUntil(500, [], 60), 1);
});

test("also when less comes at once each page brings it nearer", () => {
  equal(pagesUntil(500, [999, 1_000], 10), 4);
  equal(pagesUntil(500, [520, 521, 999, 1_000], 10), 2);
  equal(pagesUntil(1, [30, 999], 1), 29);
});

test("what is beyond the end of the thread is not looked for", () => {
  equal(beforeFor(chatWith([text(5, 5)], 5), 6), null);
  equal(pagesUntil(1_001, [], 60), -1);
  deepEqual(beforeFor(chatWith([], 5), 5), 6);
});
