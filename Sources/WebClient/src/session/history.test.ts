import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../protocol/frames";
import type { HistoryPage } from "../protocol/http-types";
import { chatId, text } from "../testing/sample";
import { History } from "./history";
import { firstView } from "./snapshot";

const chat = chatId("a");

/** A loader whose cluster answers when the test says so. */
function harness(archived: readonly Entry[] = []) {
  const asked: { readonly before: number; readonly limit: number | undefined; readonly end: (fails: boolean) => void }[] = [];
  const quoted: number[] = [];
  const history = new History(
    {
      history: (_, before, limit) =>
        new Promise<HistoryPage>((resolve, reject) => {
          const page = { epoch: 1, entries: [text(before - 1, 1)], head: { seq: 99, n: 99 } };
          asked.push({ before, limit, end: (fails) => (fails ? reject(new Error("no")) : resolve(page)) });
        }),
    },
    { entries: (_, __, from, to) => Promise.resolve(archived.filter(({ seq }) => seq >= from && seq <= to)) },
    {
      view: () => firstView,
      epochOf: (id) => (id === chat ? 1 : null),
      set: () => undefined,
      onPage: () => undefined,
      onQuoted: (_, { entries }) => quoted.push(...entries.map(({ seq }) => seq)),
      onRefused: () => undefined,
    },
  );
  return { history, asked, quoted };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("what others answer is asked for alone, once, and only when the archive does not have it", async () => {
  const { history, asked, quoted } = harness([text(5, 5)]);
  for (const seq of [5, 7, 7]) void history.quote(chat, seq);
  void history.quote(chatId("b"), 8);
  await settled();
  deepEqual(asked.map(({ before, limit }) => [before, limit]), [[8, 1]]);
  asked[0]?.end(false);
  await settled();
  deepEqual(quoted, [5, 7]);
});

test("four are on their way at once, whoever ends in whatever way lets the next go", async () => {
  const { history, asked, quoted } = harness();
  for (let seq = 1; seq <= 20; seq += 1) void history.quote(chat, seq);
  for (let ended = 0; ended < 20; ended += 1) {
    await settled();
    equal(asked.length - ended, 4);
    asked[ended]?.end(ended % 3 === 0);
    // One that comes at this moment takes nobody's place.
    await Promise.resolve();
    void history.quote(chat, 100 + ended);
  }
  await settled();
  equal(quoted.length, 13);
});

test("what could not be had may be asked for again", async () => {
  const { history, asked, quoted } = harness();
  void history.quote(chat, 7);
  await settled();
  asked[0]?.end(true);
  await settled();
  void history.quote(chat, 7);
  await settled();
  asked[1]?.end(false);
  await settled();
  deepEqual(quoted, [7]);
});
