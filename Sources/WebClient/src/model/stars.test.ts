import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { chatId } from "../testing/sample";
import { newestStars, starsOf, withStar } from "./stars";

const [tea, milk] = [chatId("a"), chatId("b")];

test("stars are told one by one, and the newest is the first of the list", () => {
  const first = starsOf([{ chat: tea, seq: 7, place: 3 }, { chat: milk, seq: 1, place: 5 }]);
  const stars = withStar(first, { chat: tea, seq: 9, place: 8 });
  deepEqual(newestStars(stars, [tea, milk]).map(({ seq }) => seq), [9, 1, 7]);
  deepEqual(newestStars(withStar(stars, { chat: tea, seq: 9, place: 0 }), [tea, milk]).map(({ seq }) => seq), [1, 7]);
  // One that is put there again is new.
  deepEqual(newestStars(withStar(stars, { chat: tea, seq: 7, place: 9 }), [tea, milk]).map(({ seq }) => seq), [7, 9, 1]);
  deepEqual(first, starsOf([{ chat: tea, seq: 7, place: 3 }, { chat: milk, seq: 1, place: 5 }]));
});

test("the stars of a chat that was left are not listed, and taking away what is not there changes nothing", () => {
  const stars = starsOf([{ chat: tea, seq: 7, place: 3 }, { chat: milk, seq: 1, place: 5 }]);
  deepEqual(newestStars(stars, [tea]).map(({ chat }) => chat), [tea]);
  deepEqual(newestStars(withStar(stars, { chat: tea, seq: 8, place: 0 }), [tea, milk]), newestStars(stars, [tea, milk]));
});
