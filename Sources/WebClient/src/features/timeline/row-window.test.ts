import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { text } from "../../testing/sample";
import { lastAbove, lastAround, lastBelow, spanOf, windowEntriesMax } from "./row-window";

const entries = Array.from({ length: 1_000 }, (_, index) => text(index + 101, index + 1));

test("a thread opens with its newest entries, and history above does not move the stretch", () => {
  deepEqual(spanOf(entries, null), { start: 1_000 - windowEntriesMax, end: 1_000 });
  const span = spanOf(entries, 600);
  equal(entries[span.end - 1]?.seq, 600);
  const older = [text(99, 1), text(100, 1), ...entries];
  deepEqual(spanOf(older, 600), { start: span.start + 2, end: span.end + 2 });
});

test("up and down again lead over every entry, to the first and back to the end", () => {
  let last: number | null = null;
  let steps = 0;
  while (spanOf(entries, last).start > 0) {
    const before = spanOf(entries, last);
    last = lastAbove(entries, last);
    const now = spanOf(entries, last);
    equal(now.end > before.start, true, "a stretch was skipped");
    steps += 1;
  }
  equal(spanOf(entries, last).end, windowEntriesMax);
  equal(lastAbove(entries, last), last);
  for (; last !== null; last = lastBelow(entries, last)) steps -= 1;
  equal(steps, 0);
});

test("an entry that is asked for has others above and below it", () => {
  const span = spanOf(entries, lastAround(entries, 500));
  equal(span.end - span.start, windowEntriesMax);
  equal(entries[span.start + windowEntriesMax / 2]?.seq, 500);
  equal(lastAround(entries, 1_095), null);
});
