import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../protocol/frames";
import { chatId, me, summary, text, you } from "../testing/sample";
import { watchChats } from "./alerts";
import type { Watch } from "./alerts";
import { change, emptyStore } from "./store";
import type { Store, StoreChange } from "./store";

const chat = chatId("a");
const never = () => false;
const start = change(emptyStore, { kind: "chats", chats: [summary()] });

function come(...entries: readonly Entry[]): StoreChange {
  return { kind: "entries", chat, entries, me };
}

/** The ordinals that are told after each change, and those that are new. */
function tell(changes: readonly StoreChange[], isQuiet: () => boolean = never) {
  let store: Store = start;
  let watch: Watch = watchChats(null, store.chats, me, never).watch;
  return changes.map((what) => {
    store = change(store, what);
    const next = watchChats(watch, store.chats, me, isQuiet);
    watch = next.watch;
    return { told: watch.alerts.map(({ entry }) => entry.n), fresh: next.fresh.map(({ entry }) => entry.n) };
  });
}

test("what is there when a page begins to look is no news", () => {
  const store = change(start, come(text(11, 9)));
  deepEqual(watchChats(null, store.chats, me, never), {
    watch: { seen: { [chat]: 9 }, alerts: [] }, fresh: [],
  });
});

test("a message of somebody else is told once, of several the newest, one's own is not", () => {
  deepEqual(tell([come(text(11, 9), text(12, 10)), come(text(13, 11)), { kind: "people", people: [] }]), [
    { told: [10], fresh: [10] }, { told: [11], fresh: [11] }, { told: [11], fresh: [] },
  ]);
  deepEqual(tell([come(text(11, 9, me))]), [{ told: [], fresh: [] }]);
  const joined: Entry = { kind: "memberAdded", seq: 12, n: 0, ts: 0, from: you, account: me };
  deepEqual(tell([come(text(11, 9), joined), come({ ...joined, seq: 13 })]), [
    { told: [9], fresh: [9] }, { told: [9], fresh: [] },
  ]);
});

test("it is taken back when it is read here, there, or answered, and when its chat goes", () => {
  const came = come(text(11, 9));
  const marks: StoreChange = { kind: "marks", chat, marks: [{ account: me, n: 9 }], version: 2, me };
  for (const end of [{ kind: "readHere" as const, chat, n: 9 }, marks, come(text(12, 10, me)), { kind: "gone" as const, chat }]) {
    deepEqual(tell([came, end])[1], { told: [], fresh: [] }, end.kind);
  }
});

test("nothing is told of a chat that is open or muted, later neither", () => {
  let isQuiet = true;
  const told = tell([come(text(11, 9)), come(text(12, 10))], () => isQuiet);
  deepEqual(told, [{ told: [], fresh: [] }, { told: [], fresh: [] }]);
  isQuiet = false;
  deepEqual(tell([come(text(11, 9))], () => isQuiet)[0]?.fresh, [9]);
});

test("history that loads and a chat that begins anew tell nothing, a chat that appears with a message does", () => {
  const page = { epoch: 1, entries: [text(8, 6), text(9, 7)], head: { seq: 10, n: 8 } };
  deepEqual(tell([{ kind: "history", chat, page }, { kind: "reset", chat, epoch: 2 }]), [
    { told: [], fresh: [] }, { told: [], fresh: [] },
  ]);
  const other = summary({ id: chatId("b"), mark: 0, head: { seq: 2, n: 1 }, last: text(2, 1) });
  deepEqual(tell([{ kind: "chat", chat: other }])[0]?.fresh, [1]);
});

test("while nothing changes the list is the same", () => {
  const store = change(start, come(text(11, 9)));
  const first = watchChats({ seen: {}, alerts: [] }, store.chats, me, never).watch;
  equal(watchChats(first, store.chats, me, never).watch.alerts, first.alerts);
});
