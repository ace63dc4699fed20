import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { en } from "./en";
import { later } from "./en-later";
import { entrance } from "./en-sign-in";
import { pseudo } from "./pseudo";
import { addWords, direction, isPlainKey, language, startLanguage, text } from "./text";
import type { Forms } from "./text";

test("a text is filled with its parameters, numbers in the manner of the language", () => {
  equal(text("entry.invited", { who: "Ada", whom: "Bob" }), "Ada invited Bob");
  equal(text("chat.members", { n: 12345 }), "12,345 members");
});

test("the number decides the plural form", () => {
  equal(text("chat.members", { n: 1 }), "1 member");
  equal(text("chat.members", { n: 0 }), "0 members");
});

test("a parameter that looks like one is not filled in again", () => {
  equal(text("entry.joined", { who: "{name}" }), "{name} joined");
});

test("the first language of the browser that there is counts, by its base if need be; else English", () => {
  startLanguage(["xx-YY", "en-GB"]);
  equal(language(), "en");
  startLanguage(["tlh"]);
  equal(language(), "en");
  startLanguage(["ar-XB"]);
  equal(language(), "ar-XB");
  equal(direction(), "rtl");
  startLanguage(["en"]);
});

test("the pseudo-language has every key, with the same parameters", () => {
  const names = (entry: string | Forms) =>
    ((typeof entry === "string" ? entry : entry.other).match(/\{\w+\}/g) ?? []).sort();
  const source: Readonly<Record<string, string | Forms>> = en;
  const translated = new Map(Object.entries(pseudo(en)));
  deepEqual([...translated.keys()], Object.keys(source));
  for (const [key, entry] of translated) {
    const original = source[key];
    deepEqual(names(entry ?? ""), names(original ?? "{missing}"), key);
  }
});

test("what is loaded later brings its words, in every language", () => {
  addWords(later);
  equal(text("newChat.create"), "Create");
  startLanguage(["ar-XB"]);
  ok(text("newChat.create").startsWith("\u202e"));
  startLanguage(["en"]);
  addWords(entrance);
  equal(text("signIn.next"), "Next");
  const keys = [en, later, entrance].flatMap((words) => Object.keys(words));
  equal(new Set(keys).size, keys.length);
});

test("names keep their own direction in a text from right to left", () => {
  startLanguage(["ar-XB"]);
  ok(text("entry.joined", { who: "Ada" }).startsWith("\u2068Ada\u2069"));
  startLanguage(["en"]);
});

test("codes of errors have texts of their own, unknown ones have none", () => {
  ok(isPlainKey("error.codeWrong"));
  ok(!isPlainKey("error.somethingNew"));
  ok(!isPlainKey("entry.joined"));
});

test("a name with signs that turn the text turns nothing but itself", () => {
  startLanguage(["en"]);
  equal(text("entry.renamed", { who: "Ada", name: "plain" }), "Ada renamed this chat to “plain”");
  equal(
    text("entry.renamed", { who: "\u202eevil\u2069", name: "قهوة" }),
    "\u2068evil\u2069 renamed this chat to “\u2068قهوة\u2069”",
  );
});
