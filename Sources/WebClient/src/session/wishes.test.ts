import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { noSettings, settingsOf } from "../model/settings";
import type { Wish } from "../model/settings";
import { change, emptyStore } from "../model/store";
import type { SettingsChange } from "../protocol/frames";
import { ApiError } from "../protocol/http-types";
import type { SettingsList } from "../protocol/http-types";
import { isMessageId } from "../protocol/ids";
import type { MessageId } from "../protocol/ids";
import { chatId } from "../testing/sample";
import { Wishes } from "./wishes";

const chat = chatId("a");

function id(number: number): MessageId {
  const text = `0190b4a0c0007000800000000000000${number}`;
  if (!isMessageId(text)) throw new Error("not a message");
  return text;
}

/** Wishes whose requests are answered by hand. */
function scene() {
  const asked: { wish: Wish; resolve: (list: SettingsList) => void; reject: (error: Error) => void }[] = [];
  const refused: unknown[] = [];
  let store = emptyStore;
  const wishes = new Wishes({
    ask: (_, wish) => new Promise((resolve, reject) => asked.push({ wish, resolve, reject })),
    store: () => store,
    change: (what) => {
      store = change(store, what);
    },
    onRefused: (error) => refused.push(error),
  });
  const wish = (number: number, what: SettingsChange) => {
    store = change(store, { kind: "wish", chat, cmid: id(number), change: what });
    wishes.go();
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  const answer = (isUnread: boolean, seq: number) => {
    asked.shift()?.resolve({ settings: [[chat, { ...noSettings, isUnread }]], inbox: { epoch: 1, seq } });
    return settled();
  };
  const fail = (isRetryable: boolean) => {
    asked.shift()?.reject(new ApiError(isRetryable ? 0 : 404, "x", "", isRetryable, 0));
    return settled();
  };
  const ids = () => asked.map((one) => one.wish.cmid);
  return { wishes, wish, answer, fail, ids, refused, isUnread: () => settingsOf(store, chat).isUnread, waits: () => Object.keys(store.wishes).length };
}

test("a wish is seen from its begin to its end, and the answer goes on where it ends", async () => {
  const { wish, answer, isUnread, waits } = scene();
  wish(1, { isUnread: true });
  deepEqual([isUnread(), waits()], [true, 1]);
  await answer(true, 4);
  deepEqual([isUnread(), waits()], [true, 0]);
});

test("what is wished while another wish is on its way goes after it, under an id of its own", async () => {
  const { wish, answer, ids, isUnread, waits } = scene();
  wish(1, { isUnread: true });
  wish(2, { isUnread: false });
  deepEqual(ids(), [id(1)]);
  await answer(true, 4);
  deepEqual([ids(), isUnread()], [[id(2)], false]);
  await answer(false, 5);
  deepEqual([ids(), isUnread(), waits()], [[], false, 0]);
});

test("a wish that nobody answers waits, and is asked again with the same id", async () => {
  const { wishes, wish, fail, ids, refused, isUnread } = scene();
  wish(1, { isUnread: true });
  await fail(true);
  deepEqual([ids(), isUnread(), refused.length], [[], true, 0]);
  wishes.go();
  wishes.go();
  deepEqual(ids(), [id(1)]);
});

test("a wish that is refused for good is told and forgotten", async () => {
  const { wish, fail, refused, isUnread, waits } = scene();
  wish(1, { isUnread: true });
  await fail(false);
  deepEqual([refused.length, isUnread(), waits()], [1, false, 0]);
});
