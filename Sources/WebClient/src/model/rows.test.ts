import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { account, me, summary, text, you } from "../testing/sample";
import { chatFrom, withHistory, withMarks } from "./chat";
import type { Chat } from "./chat";
import { rowsOf } from "./rows";
import type { Entry } from "../protocol/frames";

const read = { mark: 0, head: 0 };
const base = 1_700_000_000_000;

function chatWith(entries: readonly Entry[], head = entries[entries.length - 1]?.seq ?? 0): Chat {
  const chat = chatFrom(summary({ last: null, head: { seq: head, n: 0 } }), undefined);
  return withHistory(chat, entries);
}

function shape(chat: Chat, unread = read): readonly string[] {
  return rowsOf(chat, [], me, unread).map((row) =>
    row.kind === "message" ? `${row.isFirst ? "(" : "-"}${row.entry.seq}${row.isLast ? ")" : "-"}` : row.kind,
  );
}

test("messages of one person within ten minutes stand in one group", () => {
  const entries = [
    text(1, 1, you, base),
    text(2, 2, you, base + 1000),
    text(3, 3, me, base + 2000),
    text(4, 4, you, base + 3000),
    text(5, 5, you, base + 3000 + 600_001),
  ];
  deepEqual(shape(chatWith(entries)), ["(1-", "-2)", "(3)", "(4)", "(5)"]);
});

test("a service line and the unread line part a group", () => {
  const service = { kind: "memberAdded", seq: 2, n: 0, ts: base, from: you, account: account("3") } as const;
  deepEqual(shape(chatWith([text(1, 1, you, base), service, text(3, 2, you, base)])), ["(1)", "service", "(3)"]);
  deepEqual(shape(chatWith([text(1, 1, you, base), text(2, 2, you, base)]), { mark: 1, head: 2 }), [
    "(1)",
    "unread",
    "(2)",
  ]);
});

test("what is missing is a hole: at the beginning, between, and at the end", () => {
  deepEqual(shape(chatWith([text(3, 3), text(7, 7)], 9)), ["hole", "(3)", "hole", "(7)", "hole"]);
  const holes = rowsOf(chatWith([text(3, 3), text(7, 7)], 9), [], me, read).flatMap((row) =>
    row.kind === "hole" ? [row.before] : [],
  );
  deepEqual(holes, [3, 7, 10]);
});

test("the unread line waits until the first unread message is known", () => {
  deepEqual(shape(chatWith([text(5, 5)]), { mark: 2, head: 5 }), ["hole", "(5)"]);
});

test("one tick when the cluster has it, two when somebody else has read it", () => {
  const chat = chatWith([text(1, 1, me), text(2, 2, me)]);
  const marked = withMarks(chat, [{ account: you, n: 1 }], 2, me);
  deepEqual(
    rowsOf(marked, [], me, read).map((row) => (row.kind === "message" ? row.delivery : row.kind)),
    ["read", "sent"],
  );
});

test("a message of an unknown kind keeps its place", () => {
  const unknown = { kind: "unknown", original: "poll", seq: 2, n: 2, ts: base, from: you } as const;
  equal(shape(chatWith([text(1, 1), unknown, text(3, 3)])).length, 3);
});
