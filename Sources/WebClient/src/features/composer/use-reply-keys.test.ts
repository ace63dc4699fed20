import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../../protocol/frames";
import { me, text, you } from "../../testing/sample";
import { lastEditable, nextReply } from "./use-reply-keys";

const joined: Entry = { kind: "memberAdded", seq: 6, n: 0, ts: 0, from: me, account: you };
const entries = [text(4, 1), text(5, 2), joined, text(7, 3)];

function walk(...steps: readonly (1 | -1)[]): readonly number[] {
  let at = 0;
  return steps.map((step) => (at = nextReply({ entries }, at, step)));
}

test("upwards from none begins with the newest message and stays at the first, past what is no message", () => {
  deepEqual(walk(-1, -1, -1, -1), [7, 5, 4, 4]);
});

test("downwards comes back to the newest, then to none, and stays there", () => {
  deepEqual(walk(-1, -1, 1, 1, 1), [7, 5, 7, 0, 0]);
});

test("from a message that is not here one goes to its neighbours", () => {
  deepEqual(nextReply({ entries }, 2, 1), 4);
  deepEqual(nextReply({ entries }, 2, -1), 2);
  deepEqual(nextReply({ entries: [] }, 0, -1), 0);
});

test("the arrow up edits my newest message, unless it is too old", () => {
  const mine = [text(4, 1, me, 1_000), text(5, 2, me, 2_000), text(7, 3)];
  const day = 86_400_000;
  deepEqual(lastEditable({ entries: mine }, me, 2_000 + 2 * day - 1), 5);
  deepEqual(lastEditable({ entries: mine }, me, 2_000 + 2 * day), 0);
  deepEqual(lastEditable({ entries: [text(7, 3), joined] }, me, 0), 0);
});
