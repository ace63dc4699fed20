import { equal } from "node:assert/strict";
import { test } from "node:test";
import { emojiOnly } from "./emoji";

test("one to three emoji are counted as a person counts them", () => {
  equal(emojiOnly("\u{1F44D}"), 1);
  equal(emojiOnly("\u{1F44D}\u{1F3FD}"), 1);
  equal(emojiOnly("\u2764\uFE0F"), 1);
  equal(emojiOnly("\u{1F469}\u200D\u{1F469}\u200D\u{1F467}\u200D\u{1F466}"), 1);
  equal(emojiOnly("\u{1F1E9}\u{1F1EA}\u{1F1EB}\u{1F1F7}"), 2);
  equal(emojiOnly("1\uFE0F\u20E32\uFE0F\u20E3\u{1F389}"), 3);
});

test("more of them, words, numbers and signs are text", () => {
  for (const text of ["", "a", "1", "12", "#", "\u00A9", "\u{1F44D}!", "\u{1F44D} \u{1F44D}", "\u{1F44D}".repeat(4)]) {
    equal(emojiOnly(text), 0, text);
  }
  equal(emojiOnly("\u{1F44D}".repeat(50_000)), 0);
});
