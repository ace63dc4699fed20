import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { chatFrom } from "../model/chat";
import { account, chatId, me, messageId, summary, text } from "../testing/sample";
import { emptyStore } from "../model/store";
import { denseEnd } from "./history";
import { chatsFrom, entriesFrom, keptFrom, outboxFrom } from "./kept";

const profile = { id: me, phone: "+491511234567", name: "Ada", username: "ada_l", hasPassword: true, isComplete: true, lastSeen: "nobody" };
const chat = chatFrom(summary(), undefined);

test("what was kept comes back as it was, through a copy as storage makes it", () => {
  const person = { id: account("2"), name: "Bob", username: null };
  const kept = keptFrom(structuredClone(profile), [structuredClone(chat)], [person]);
  deepEqual(kept, {
    me: profile,
    store: { chats: { [chat.id]: { ...chat, entries: [] } }, people: { [person.id]: person }, stars: {}, settings: {}, wishes: {}, drafted: {} },
  });
  const entries = [text(7, 5), text(9, 7)];
  deepEqual(entriesFrom(structuredClone(entries.map((entry) => ({ ...entry, epoch: 3 }))), 3), entries);
});

test("what is kept about a chat comes back with it, and nothing that cannot be read", () => {
  const settings = { mutedUntil: 9, pin: 0, archived: 8, isUnread: true, place: 5 };
  const wish = { cmid: messageId, change: { isArchived: true, n: 8, isPinned: false, mutedUntil: 0, isUnread: false } };
  const back = (about: object) => keptFrom(profile, [structuredClone({ ...chat, ...about })], [])?.store;
  deepEqual(back({ settings, wish })?.settings, { [chat.id]: settings });
  deepEqual(back({ settings, wish })?.wishes, { [chat.id]: wish });
  for (const wrong of [{ settings: 7 }, { settings: { ...settings, pin: "x" } }, { wish: { cmid: "x", change: {} } }]) {
    deepEqual([back(wrong)?.settings, back(wrong)?.wishes, back(wrong)?.chats[chat.id]?.id], [{}, {}, chat.id]);
  }
});

test("entries of another log, and what is none, are left out", () => {
  const [right, other] = [{ ...text(7, 5), epoch: 3 }, { ...text(8, 6), epoch: 2 }];
  deepEqual(entriesFrom([right, other, null, { epoch: 3 }, "x"], 3), [text(7, 5)]);
});

test("a page of history is what ends right before its place, up to the next hole", () => {
  const kept = [3, 4, 6, 7].map((seq) => text(seq, seq));
  deepEqual(denseEnd(kept, 8).map(({ seq }) => seq), [6, 7]);
  deepEqual(denseEnd(kept, 9), []);
  deepEqual(denseEnd(kept.slice(0, 2), 5).map(({ seq }) => seq), [3, 4]);
  deepEqual(denseEnd([], 5), []);
});

test("of another version's content what cannot be read is left out, and without an account all", () => {
  deepEqual(keptFrom(profile, [{ ...chat, head: 7 }, null, 5], [{ id: "x" }])?.store, emptyStore);
  equal(keptFrom(undefined, [chat], []), null);
  equal(keptFrom({ ...profile, id: "short" }, [chat], []), null);
});

test("unsent messages come back in the order of writing, those of other accounts do not", () => {
  const item = (cmid: string, of = me) => ({ account: of, cmid: cmid.repeat(32), chat: chatId("a"), text: cmid });
  const kept = outboxFrom([item("2"), item("3", account("4")), item("1"), "nonsense", {}], me);
  deepEqual(kept.map(({ text: written }) => written), ["1", "2"]);
});

test("an unsent message comes back with what it answers; one that answers what cannot be is left out", () => {
  const item = { account: me, cmid: "1".repeat(32), chat: chatId("a"), text: "yes" };
  const kept = (replyTo: unknown) => outboxFrom([structuredClone({ ...item, replyTo })], me);
  deepEqual(kept(7).map(({ replyTo }) => replyTo), [7]);
  deepEqual(kept(undefined).map((one) => "replyTo" in one), [false]);
  for (const wrong of [0, -1, 1.5, "7"]) deepEqual(kept(wrong), []);
});

test("an edit that was not done yet comes back as one", () => {
  const item = { account: me, cmid: "1".repeat(32), chat: chatId("a"), text: "yes" };
  const kept = (edits: unknown) => outboxFrom([structuredClone({ ...item, edits })], me);
  deepEqual([kept(7)[0]?.edits, kept(null)[0]?.edits, kept(0).length], [7, undefined, 0]);
});

test("a deletion that was not done yet comes back as one", () => {
  const item = { account: me, cmid: "1".repeat(32), chat: chatId("a"), text: "" };
  deepEqual(outboxFrom([structuredClone({ ...item, deletes: 7 })], me)[0]?.deletes, 7);
});

test("a forwarded message that was not sent yet comes back as one", () => {
  const forwards = { chat: chatId("b"), seq: 7 };
  const kept = (value: unknown) =>
    outboxFrom([structuredClone({ account: me, cmid: "1".repeat(32), chat: chatId("a"), text: "x", forwards: value })], me);
  deepEqual([kept(forwards)[0]?.forwards, kept(null)[0]?.forwards, kept({ ...forwards, seq: 0 }).length], [forwards, undefined, 0]);
});

test("a direct chat is kept with the other of its two; what an older version kept has none", () => {
  const direct = chatFrom(summary({ kind: "direct", peer: account("2") }), undefined);
  const { peer: _, ...older } = chat;
  deepEqual(chatsFrom([structuredClone(direct), older]).map(({ kind, peer }) => [kind, peer]), [
    ["direct", account("2")],
    ["private", null],
  ]);
});

test("a chat that was kept before there were roles is its creator's, and may be written to", () => {
  const { permissions: _, about: __, ...older } = { ...chat, role: "creator" };
  const [kept] = chatsFrom([structuredClone(older)]);
  deepEqual([kept?.role, kept?.about, kept?.permissions], ["owner", "", ["send", "media"]]);
});
