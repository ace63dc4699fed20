import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { account, edited, me, messageDeleted, messageId, summary, text, you } from "../testing/sample";
import { chatFrom, withHistory, withMarks } from "./chat";
import type { Chat } from "./chat";
import { isDeletable, isEditable, originOf, rowsOf } from "./rows";
import type { KnownRows } from "./rows";
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

test("a row that shows the same is the same, so that only what changed is drawn again", () => {
  const known: KnownRows = new WeakMap();
  const unread = { mark: 8, head: 8 };
  const chat = withHistory(chatFrom(summary({ head: { seq: 3, n: 3 }, last: null }), undefined), [
    text(1, 1, me), text(2, 2), text(3, 3),
  ]);
  const first = rowsOf(chat, [], me, unread, known);
  const again = rowsOf({ ...chat }, [], me, unread, known);
  ok(first.every((row, index) => row === again[index]));
  const read = rowsOf(withMarks(chat, [{ account: you, n: 1 }], 2, me), [], me, unread, known);
  deepEqual(read.map((row, index) => row === first[index]), [false, true, true]);
  const more = withHistory(chat, [text(4, 4)]);
  const grown = rowsOf(more, [], me, unread, known);
  equal(grown[1], first[1]);
  // The third is not the last of its group any more.
  ok(grown[2] !== first[2]);
});

test("a stretch has the rows that it has in the whole, groups over its edges and holes included", () => {
  const entries = [1, 2, 3, 4, 8, 9, 10, 11, 12].map((seq) => text(seq, seq, seq % 4 === 0 ? me : you, base + seq));
  const chat = chatWith(entries, 14);
  const unread = { mark: 9, head: 12 };
  const whole = rowsOf(chat, [], me, unread);
  for (let start = 0; start < entries.length; start += 1) {
    for (let end = start + 1; end <= entries.length; end += 1) {
      const keys = new Set(entries.slice(start, end).map(({ seq }) => `e${seq}`));
      const rows = rowsOf(chat, [], me, unread, new WeakMap(), { start, end });
      deepEqual(
        rows.filter(({ key }) => keys.has(key)),
        whole.filter(({ key }) => keys.has(key)),
        `from ${start} to ${end}`,
      );
      const isLast = end === entries.length;
      equal(rows[rows.length - 1]?.kind, isLast ? "hole" : "message");
    }
  }
});

test("the rows of a stretch cost the stretch: 100,000 entries around it are not looked at", () => {
  const entries = Array.from({ length: 100_000 }, (_, index) => text(index + 1, index + 1));
  const looked = new Set<number>();
  const counted = new Proxy(entries, {
    get: (target, key, receiver) => {
      if (typeof key === "string" && /^\d+$/.test(key)) looked.add(Number(key));
      return Reflect.get(target, key, receiver);
    },
  });
  const chat = { ...chatWith([]), head: { seq: 100_000, n: 100_000 }, entries: counted };
  equal(rowsOf(chat, [], me, read, new WeakMap(), { start: 50_000, end: 50_100 }).length, 100);
  ok(looked.size <= 102, `${looked.size} entries`);
});

test("edits have no rows, and do not part a group", () => {
  const entries = [text(1, 1, you, base), edited(2, 1, "x"), text(3, 2, you, base)];
  deepEqual(shape(chatWith(entries)), ["(1-", "-3)"]);
  deepEqual(shape(chatWith([...entries, edited(4, 3, "y")])), ["(1-", "-3)"]);
});

test("an edit that waits is seen in its message, and one that was refused below the thread", () => {
  const chat = chatWith([text(1, 1, me), text(2, 2, me)]);
  const item = { cmid: messageId, chat: chat.id, text: "tea", edits: 1, state: "sending" } as const;
  const known: KnownRows = new WeakMap();
  const rows = rowsOf(chat, [item], me, read, known);
  deepEqual(
    rows.map((row) => (row.kind === "message" && row.entry.kind === "text" ? [row.entry.text, row.delivery] : row.kind)),
    [["tea", "sending"], ["text 2", "sent"]],
  );
  equal(rowsOf(chat, [item], me, read, known)[0], rows[0]);
  const failed = { ...item, state: "failed", code: "tooOld", message: "" } as const;
  deepEqual(rowsOf(chat, [failed], me, read).map((row) => row.kind), ["message", "message", "pending"]);
});

test("mine may be edited for two days, and nothing else", () => {
  const day = 86_400_000;
  const rows = rowsOf(chatWith([text(1, 1, me, base), text(2, 2, you, base)]), [], me, read);
  const editable = (now: number) => rows.map((row) => isEditable(row, now));
  deepEqual([editable(base + 2 * day - 1), editable(base + 2 * day)], [[true, false], [false, false]]);
});

test("what was forwarded is nobody's to edit, and names who wrote it", () => {
  const origin = { account: you, name: "Grace", ts: 1 };
  const item = { cmid: messageId, chat: chatWith([]).id, text: "x", forwards: { chat: chatWith([]).id, seq: 1 }, state: "queued" } as const;
  const rows = rowsOf(chatWith([{ ...text(1, 1, me, base), origin }, text(2, 2, me, base)]), [item], me, read);
  deepEqual(rows.map((row) => isEditable(row, base)), [false, true, false]);
  deepEqual(rows.map(originOf), [origin, undefined, null]);
});

test("a message whose deletion waits has no row, and the unread line passes over what is deleted", () => {
  const chat = chatWith([text(1, 1, me, base), text(2, 2, you, base), text(3, 3, you, base)]);
  const item = { cmid: messageId, chat: chat.id, text: "", deletes: 1, state: "queued" } as const;
  deepEqual(rowsOf(chat, [item], me, read).map(({ key }) => key), ["e2", "e3"]);
  const gone = withHistory(chat, [messageDeleted(4, 2, 2)]);
  const lined = { ...gone, erased: [2] };
  deepEqual(rowsOf(lined, [], me, { mark: 1, head: 3 }).map(({ key }) => key), ["e1", "unread", "e3"]);
});

test("mine may be deleted, and anybody's by whoever made the chat", () => {
  const service = { kind: "renamed", seq: 3, n: 0, ts: base, from: me, name: "a", fullName: "" } as const;
  const rows = rowsOf(chatWith([text(1, 1, me), text(2, 2, you), service]), [], me, read);
  deepEqual(rows.map((row) => [isDeletable(row, false), isDeletable(row, true)]), [[true, true], [false, true], [false, false]]);
});
