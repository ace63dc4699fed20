import { deepEqual, ok } from "node:assert/strict";
import { test } from "node:test";
import { indexesOf, rowPixels, windowOf } from "./use-list-window";

test("whatever is in sight is in the window, with some rows around it", () => {
  for (const scrollTop of [0, 1, 71, 72, 500, 7_777]) {
    const { from, to } = windowOf(scrollTop, 700);
    ok(from * rowPixels <= scrollTop, `${scrollTop}`);
    ok(to * rowPixels >= scrollTop + 700, `${scrollTop}`);
    ok(to - from < 40, `${scrollTop}`);
  }
});

test("the window ends where the list does, and the row that has the focus is kept", () => {
  deepEqual(indexesOf({ from: 0, to: 30 }, 3, -1), [0, 1, 2]);
  deepEqual(indexesOf({ from: 4, to: 6 }, 100, 50), [4, 5, 50]);
  deepEqual(indexesOf({ from: 4, to: 6 }, 100, 1), [1, 4, 5]);
  deepEqual(indexesOf({ from: 4, to: 6 }, 100, 5), [4, 5]);
  deepEqual(indexesOf({ from: 0, to: 30 }, 0, 0), []);
});
