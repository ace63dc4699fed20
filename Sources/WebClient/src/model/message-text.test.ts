import { equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { charactersOf, messageText } from "./message-text";

test("control characters go, line breaks and tabs stay, other scripts are not touched", () => {
  equal(messageText("a\u0000b\u0007c\u001bd\u0085e\u009f"), "abcde");
  equal(messageText("one\r\ntwo\rthree\n\tfour"), "one\ntwo\nthree\n\tfour");
  const marks = "e\u0301".repeat(5) + "\u202eright\u202c\u200b\u2066x\u2069 \u{1f468}\u200d\u{1f469}\u200d\u{1f467}";
  equal(messageText(marks), marks);
});

test("half of a surrogate pair becomes the sign for what is no character, a whole one stays", () => {
  equal(messageText("a\ud800b\udc00c"), "a\ufffdb\ufffdc");
  equal(messageText("\u{1f600}\ud83d"), "\u{1f600}\ufffd");
  ok(!/\\ud/i.test(JSON.stringify(messageText("\udfff\ud800\ud83d\ude00"))));
});

test("white space around goes, of nothing else nothing is left", () => {
  equal(messageText(" \n\t text \u00a0\n"), "text");
  equal(messageText(" \u0000\u0001 \n"), "");
});

test("characters are counted as the cluster counts them", () => {
  equal(charactersOf(""), 0);
  equal(charactersOf("ab\u{1f600}c"), 4);
  equal(charactersOf("\ud83d"), 1);
  equal(charactersOf("\u{1f600}".repeat(4096)), 4096);
});
