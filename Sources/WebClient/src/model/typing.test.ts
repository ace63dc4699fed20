import { equal, deepEqual } from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../protocol/frames";
import { account as accountId, chatId } from "../testing/sample";
import { nextEnd, stillTyping, typingLifetime, withTypist } from "./typing";

const chat = chatId("a");
const [mary, olga] = [accountId("1"), accountId("2")];
const none = () => [];

function message(seq: number, from = mary): Entry {
  return { kind: "text", seq, n: seq, ts: seq, from, text: "hello" };
}

test("somebody is shown for six seconds after they said so last", () => {
  const once = withTypist({}, chat, mary, 4, 1_000);
  equal(stillTyping(once, 6_999, none), once);
  deepEqual(stillTyping(once, 7_000, none), {});
  const twice = withTypist(once, chat, mary, 4, 4_000);
  equal(twice[chat]?.length, 1);
  equal(stillTyping(twice, 9_999, none), twice);
  equal(nextEnd(twice), 4_000 + typingLifetime);
  equal(nextEnd({}), null);
});

test("their message ends it, and nobody else's", () => {
  const both = withTypist(withTypist({}, chat, mary, 4, 0), chat, olga, 4, 0);
  equal(stillTyping(both, 1, () => [message(3), message(4)]), both);
  const left = stillTyping(both, 1, () => [message(4, olga), message(5), message(6, accountId("3"))]);
  deepEqual(left[chat]?.map((one) => one.account), [olga]);
});

test("who typed first is named first, also when they go on", () => {
  const both = withTypist(withTypist({}, chat, mary, 4, 0), chat, olga, 4, 1);
  deepEqual(withTypist(both, chat, mary, 4, 2)[chat]?.map((one) => one.account), [mary, olga]);
});

test("who typed again after a message is shown again", () => {
  const again = withTypist({}, chat, mary, 5, 0);
  equal(stillTyping(again, 1, () => [message(5)]), again);
});
