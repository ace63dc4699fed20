import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { newestStars } from "../model/stars";
import { change, emptyStore } from "../model/store";
import type { StarList } from "../protocol/http-types";
import { chatId } from "../testing/sample";
import { StarKeeper } from "./star-keeper";

const chat = chatId("a");
const entry = (kind: "starred" | "unstarred", seq: number, target: number) =>
  ({ kind, seq, n: 0, ts: seq, from: null, chat, target }) as const;

/** A keeper whose requests are answered by hand, and the stars as the store has them. */
function scene() {
  const requests: { resolve: (list: StarList) => void; reject: (error: Error) => void }[] = [];
  let store = emptyStore;
  const stars = () => new Promise<StarList>((resolve, reject) => requests.push({ resolve, reject }));
  const keeper = new StarKeeper({ stars }, (what) => {
    store = change(store, what);
  });
  const answer = async (targets: readonly number[], seq: number) => {
    const list = targets.map((target, index) => ({ chat, seq: target, place: index + 1 }));
    requests.shift()?.resolve({ stars: list, inbox: { epoch: 1, seq } });
    await new Promise((resolve) => setTimeout(resolve));
  };
  const fail = async () => {
    requests.shift()?.reject(new Error("no network"));
    await new Promise((resolve) => setTimeout(resolve));
  };
  const shown = () => newestStars(store.stars, [chat]).map(({ seq }) => seq);
  return { keeper, requests, answer, fail, shown };
}

test("what the inbox said while all were asked for is not lost, and what it said before is not done twice", async () => {
  const { keeper, answer, shown } = scene();
  keeper.need();
  keeper.told(entry("starred", 5, 50));
  keeper.told(entry("unstarred", 6, 50));
  keeper.told(entry("starred", 7, 70));
  keeper.told(entry("unstarred", 8, 10));
  // The answer is of a time between the fifth and the seventh.
  await answer([10, 20], 6);
  deepEqual(shown(), [70, 20]);
});

test("all are asked for once, again after a failure, and anew when the inbox was missed", async () => {
  const { keeper, requests, answer, fail, shown } = scene();
  keeper.need();
  keeper.need();
  deepEqual(requests.length, 1);
  await fail();
  keeper.need();
  await answer([1], 3);
  keeper.need();
  deepEqual([requests.length, shown()], [0, [1]]);
  keeper.lose();
  await answer([2], 9);
  deepEqual(shown(), [2]);
});

test("an answer for the account that was here before is dropped", async () => {
  const { keeper, answer, shown } = scene();
  keeper.need();
  keeper.forget();
  await answer([1], 3);
  deepEqual(shown(), []);
});
