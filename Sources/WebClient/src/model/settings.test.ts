import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import type { SettingsChange } from "../protocol/frames";
import { isMessageId } from "../protocol/ids";
import { chatId, messageId, summary, text } from "../testing/sample";
import { chatFrom, withEntries } from "./chat";
import type { Chat } from "./chat";
import { changedBy, forEver, isArchived, noSettings, settingsOf, wholeChange, withAllSettings, withSettings, withoutWish, withWish } from "./settings";
import { change, emptyStore, isAway, orderedChats, totalUnread } from "./store";

const at = 1_700_000_000_000;
const other = "0190b4a0c00070008000000000000002";

/** A chat with eight messages, and with more. */
const chat = (more = 0): Chat => {
  let all = chatFrom(summary(), undefined);
  for (let n = 9; n < 9 + more; n += 1) all = withEntries(all, [text(n + 2, n)], null);
  return all;
};

test("an archived chat comes back by a message at which it was not muted, and by no other", () => {
  const away = { ...noSettings, archived: 8 };
  ok(isArchived(chat(), away));
  ok(!isArchived(chat(1), away));
  ok(isArchived(chat(3), { ...away, mutedUntil: forEver }));
  // The message 9 has the time at + 11: it came before the end of the mute, at its end, or after it.
  ok(isArchived(chat(1), { ...away, mutedUntil: at + 12 }));
  ok(!isArchived(chat(1), { ...away, mutedUntil: at + 11 }));
  ok(isArchived(chat(1), { ...away, mutedUntil: at + 12 }));
  ok(!isArchived(chat(2), { ...away, mutedUntil: at + 12 }));
  ok(!isArchived(chat(), noSettings));
});

test("who mutes a chat or ends that moves it neither into the archive nor out of it", () => {
  const muted = { ...noSettings, archived: 8, mutedUntil: forEver };
  const end: SettingsChange = { mutedUntil: 0 };
  const unmuted = changedBy(muted, wholeChange(chat(2), muted, end));
  ok(isArchived(chat(2), unmuted));
  ok(!isArchived(chat(3), unmuted));
  const back = { ...noSettings, archived: 8 };
  ok(!isArchived(chat(2), changedBy(back, wholeChange(chat(2), back, { mutedUntil: forEver }))));
  deepEqual(wholeChange(chat(2), noSettings, end), end);
  deepEqual(wholeChange(chat(2), noSettings, { isArchived: true }), { isArchived: true, n: 10 });
});

test("what is archived is not pinned, what gets pinned is not archived, and no message is forgotten", () => {
  const away = changedBy({ ...noSettings, pin: 7 }, { isArchived: true, n: 8 });
  deepEqual(away, { ...noSettings, archived: 8 });
  deepEqual(changedBy(away, { isArchived: true, n: 3 }), away);
  deepEqual(changedBy(away, { isUnread: true }), { ...away, isUnread: true });
  const pinned = changedBy(away, { isPinned: true });
  ok(pinned.archived === undefined && pinned.pin > 7);
  deepEqual(changedBy(pinned, { isPinned: false }), noSettings);
  deepEqual(changedBy(away, { isArchived: false }), noSettings);
});

test("newer settings win, whichever way they come", () => {
  const unread = { ...noSettings, isUnread: true };
  let store = withSettings(emptyStore, "a", unread, 5);
  equal(withSettings(store, "a", noSettings, 5), store);
  store = withSettings(store, "b", unread, 9);
  store = withAllSettings(store, [["b", noSettings], ["c", unread]], 7);
  deepEqual(Object.keys(store.settings).sort(), ["b", "c"]);
  ok(settingsOf(store, "b").isUnread && settingsOf(store, "c").isUnread && !settingsOf(store, "a").isUnread);
});

test("a wish is seen at once, goes on with what was wished before, and ends by its own id alone", () => {
  if (!isMessageId(other)) throw new Error("not a message");
  let store = withWish(emptyStore, "a", { cmid: messageId, change: { isUnread: true } });
  store = withWish(store, "a", { cmid: other, change: { mutedUntil: 9 } });
  deepEqual(store.wishes["a"], { cmid: other, change: { isUnread: true, mutedUntil: 9 } });
  equal(withoutWish(store, "a", messageId), store);
  deepEqual(settingsOf(store, "a"), { mutedUntil: 9, pin: 0, isUnread: true });
  deepEqual(withoutWish(store, "a", other).wishes, {});
});

test("pinned chats are first, the last one on top; archived ones are in no count", () => {
  const ids = ["a", "b", "c"].map(chatId);
  const chats = ids.map((id, index) => summary({ id, name: id, head: { seq: 10, n: 9 }, last: text(10, 9, undefined, at + index) }));
  let store = change(emptyStore, { kind: "chats", chats });
  const [a, b, c] = ids;
  if (a === undefined || b === undefined || c === undefined) throw new Error("three chats");
  const order = () => orderedChats(store).map(({ id }) => id);
  deepEqual(order(), [c, b, a]);
  store = change(store, { kind: "settings", chat: b, settings: { ...noSettings, pin: 4 }, place: 4 });
  store = change(store, { kind: "settings", chat: a, settings: { ...noSettings, pin: 5 }, place: 5 });
  deepEqual(order(), [a, b, c]);
  equal(totalUnread(store, {}, 0, null), 3);
  store = change(store, { kind: "settings", chat: c, settings: { ...noSettings, archived: 9 }, place: 6 });
  deepEqual(Object.values(store.chats).filter((one) => isAway(store, one)).map(({ id }) => id), [c]);
  equal(totalUnread(store, {}, 0, null), 2);
  equal(totalUnread(store, { [a]: 1 }, 0, null), 1);
});
