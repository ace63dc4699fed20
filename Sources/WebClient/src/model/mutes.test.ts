import { deepEqual, ok } from "node:assert/strict";
import { test } from "node:test";
import { messageId } from "../testing/sample";
import { isMuted, mutesOf } from "./mutes";
import { forEver } from "./settings";

test("a chat is muted until its time, and none that nobody muted", () => {
  ok(isMuted({ a: 10 }, "a", 9));
  ok(!isMuted({ a: 10 }, "a", 10));
  ok(!isMuted({ a: 10 }, "b", 9));
  ok(isMuted({ a: forEver }, "a", Date.UTC(2100, 0, 1)));
});

test("a chat is muted as the account says, or as is wished here and on its way", () => {
  const a = { mutedUntil: 10, pin: 0, isUnread: false, place: 1 };
  const wish = (mutedUntil: number) => ({ cmid: messageId, change: { mutedUntil } });
  deepEqual(mutesOf({ settings: { a }, wishes: {} }), { a: 10 });
  deepEqual(mutesOf({ settings: { a }, wishes: { a: wish(0), b: wish(9) } }), { a: 0, b: 9 });
});
