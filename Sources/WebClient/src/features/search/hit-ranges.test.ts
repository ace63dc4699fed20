import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import type { FoundMessage } from "../../protocol/http-types";
import { readFoundPage } from "../../protocol/http-types";
import { placesOf, writtenWords } from "./hit-ranges";

const chat = "0".repeat(31) + "1";

function found(text: string, marks: readonly (readonly [number, number])[]): readonly FoundMessage[] {
  const entry = { seq: 2, n: 1, ts: 1, from: null, kind: "text", text };
  return readFoundPage({ hits: [{ chat, entry, marks }], next: null, isPartial: false }).hits;
}

test("the words of a hit are as it has them, the longest first, each once", () => {
  deepEqual(found("Tea or **teapots** or Tea", [[0, 3], [9, 16], [22, 25]]).map(writtenWords), [["teapots", "Tea"]]);
  deepEqual(found("no words", []).map(writtenWords), [[]]);
});

test("every place of every word is named once, the longest word first", () => {
  deepEqual(placesOf(["teapots", "tea"], "tea, teapots"), [[0, 3], [5, 12]]);
  deepEqual(placesOf(["aa"], "aaaaa"), [[0, 2], [2, 4]]);
  deepEqual(placesOf([], "tea"), []);
});
