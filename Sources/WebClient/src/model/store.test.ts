import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { account, chatId, me, summary, text, you } from "../testing/sample";
import { readByOthers, unread } from "./chat";
import { actsOf } from "./chat-acts";
import type { Chat } from "./chat";
import { accountsIn, accountsOf, change, chatsNamed, emptyStore, orderedChats, totalUnread, withNewestOf } from "./store";
import type { Store } from "./store";

const tea = chatId("a");

function start(): Store {
  return change(emptyStore, { kind: "chats", chats: [summary()] });
}

function teaOf(store: Store): Chat {
  const chat = store.chats[tea];
  if (chat === undefined) throw new Error("the chat is gone");
  return chat;
}

test("somebody else's message is unread, my own moves my mark", () => {
  let store = change(start(), { kind: "entries", chat: tea, entries: [text(11, 9)], me });
  equal(unread(teaOf(store)), 1);
  equal(totalUnread(store, {}, 0, null), 1);
  store = change(store, { kind: "entries", chat: tea, entries: [text(12, 10, me)], me });
  equal(unread(teaOf(store)), 0);
});

test("a service line moves the head and counts nothing", () => {
  const entry = { kind: "memberAdded", seq: 11, n: 0, ts: 1, from: me, account: you } as const;
  const store = change(start(), { kind: "entries", chat: tea, entries: [entry], me });
  deepEqual(teaOf(store).head, { seq: 11, n: 8 });
  equal(unread(teaOf(store)), 0);
  equal(teaOf(store).members, 3);
});

test("marks never go back, and the tick counts the others only", () => {
  const marks = [
    { account: you, n: 7 },
    { account: me, n: 8 },
  ];
  let store = change(start(), { kind: "marks", chat: tea, marks, version: 2, me });
  equal(readByOthers(teaOf(store), me), 7);
  store = change(store, { kind: "marks", chat: tea, marks: [{ account: you, n: 3 }], version: 1, me });
  equal(readByOthers(teaOf(store), me), 7);
});

test("history joins what is known, each entry once and in order", () => {
  const page = { epoch: 1, entries: [text(8, 6), text(9, 7), text(10, 8)], head: { seq: 10, n: 8 } };
  const store = change(start(), { kind: "history", chat: tea, page });
  deepEqual(
    teaOf(store).entries.map((entry) => entry.seq),
    [8, 9, 10],
  );
});

test("history of another epoch is dropped, and a reset forgets everything", () => {
  const page = { epoch: 2, entries: [text(8, 6)], head: { seq: 10, n: 8 } };
  let store = change(start(), { kind: "history", chat: tea, page });
  equal(teaOf(store).entries.length, 1);
  store = change(store, { kind: "reset", chat: tea, epoch: 2 });
  deepEqual(teaOf(store).entries, []);
  equal(unread(teaOf(store)), 0);
});

test("a summary that is older than what was pushed does not take the head back", () => {
  let store = change(start(), { kind: "entries", chat: tea, entries: [text(11, 9)], me });
  store = change(store, { kind: "chat", chat: summary() });
  deepEqual(teaOf(store).head, { seq: 11, n: 9 });
});

test("rename changes the names, the newest activity comes first, a chat that is gone is not listed", () => {
  const other = summary({ id: chatId("b"), name: "lobby", last: text(1, 1, account("3"), 5) });
  let store = change(start(), { kind: "chat", chat: other });
  const entry = { kind: "renamed", seq: 11, n: 0, ts: 1, from: me, name: "coffee", fullName: "x" } as const;
  store = change(store, { kind: "entries", chat: tea, entries: [entry], me });
  equal(teaOf(store).name, "coffee");
  store = change(store, { kind: "entries", chat: tea, entries: [text(12, 9)], me });
  deepEqual(
    orderedChats(store).map((chat) => chat.name),
    ["coffee", "lobby"],
  );
  store = change(store, { kind: "gone", chat: tea });
  deepEqual(
    orderedChats(store).map((chat) => chat.name),
    ["lobby"],
  );
});

test("of chats that nobody looks at only the newest entries stay in memory", () => {
  const entries = Array.from({ length: 50 }, (_, index) => text(index + 1, index + 1));
  const store = change(start(), { kind: "history", chat: tea, page: { epoch: 1, entries, head: { seq: 50, n: 50 } } });
  equal(withNewestOf(store, 50, null), store);
  equal(withNewestOf(store, 20, tea), store);
  const short = teaOf(withNewestOf(store, 20, null));
  deepEqual([short.entries.length, short.entries[0]?.seq, short.head], [20, 31, teaOf(store).head]);
});

test("what others answer is taken of this log alone, and changes neither thread, head nor count", () => {
  const page = { epoch: 1, entries: [text(3, 2)], head: { seq: 99, n: 99 } };
  const store = change(start(), { kind: "quoted", chat: tea, page });
  deepEqual(teaOf(store).quoted, { 3: text(3, 2) });
  deepEqual({ ...teaOf(store), quoted: {} }, teaOf(start()));
  const other = change(start(), { kind: "quoted", chat: tea, page: { ...page, epoch: 2 } });
  deepEqual(teaOf(other), teaOf(start()));
  deepEqual(teaOf(change(store, { kind: "reset", chat: tea, epoch: 2 })).quoted, {});
});

test("a direct chat is called as the other of its two, also when that is known later", () => {
  const direct = summary({ kind: "direct", peer: you, creator: null, role: "member", name: "", fullName: "" });
  let store = change(emptyStore, { kind: "chat", chat: direct });
  deepEqual([teaOf(store).name, teaOf(store).fullName], ["…", ""]);
  deepEqual(accountsOf(direct), [you, you]);
  store = change(store, { kind: "people", people: [{ id: you, name: "Bob", username: "bob_1" }] });
  deepEqual([teaOf(store).name, teaOf(store).fullName], ["Bob", "@bob_1"]);
  // The cluster has no name for it: it stays when the chat is told again.
  store = change(store, { kind: "chats", chats: [direct] });
  equal(teaOf(store).name, "Bob");
  deepEqual(chatsNamed(orderedChats(store), "bob").map(({ id }) => id), [tea]);
  deepEqual(actsOf(teaOf(store)), []);
});

test("a chat that has a name keeps it, whoever is in it", () => {
  const store = change(start(), { kind: "people", people: [{ id: you, name: "Bob", username: null }] });
  equal(teaOf(store).name, "tea");
});

test("people are asked for who an opening or an invitation names", () => {
  const base = { seq: 1, n: 0, ts: 1, from: me, account: you } as const;
  deepEqual(accountsIn([{ ...base, kind: "opened" }, { ...base, kind: "memberRemoved" }]), [me, you, me, you]);
});
