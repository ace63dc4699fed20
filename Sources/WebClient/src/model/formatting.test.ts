import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { formatted, plain } from "./formatting";
import type { Part } from "./formatting";
import { charactersMax } from "./message-text";

test("a pair of marks gives what is between them its style, one in the other as well", () => {
  deepEqual(formatted("a **b** __c__ ~~d~~ ||e||"), [
    "a ", { kind: "bold", parts: ["b"] }, " ", { kind: "italic", parts: ["c"] }, " ",
    { kind: "strike", parts: ["d"] }, " ", { kind: "spoiler", parts: ["e"] },
  ]);
  deepEqual(formatted("**a __b__**"), [{ kind: "bold", parts: ["a ", { kind: "italic", parts: ["b"] }] }]);
  deepEqual(formatted("**two\nlines**"), [{ kind: "bold", parts: ["two\nlines"] }]);
  deepEqual(formatted("你好**重要**吗"), ["你好", { kind: "bold", parts: ["重要"] }, "吗"]);
});

test("a mark alone, beside a space, around nothing or across another is what it is: characters", () => {
  for (const text of ["**", "****", "a ** b ** c", "** a**", "**a **", "2 ** 3", "a || b || c", "**a\n", "~~"]) {
    deepEqual(formatted(text), [text]);
  }
  deepEqual(formatted("**a __b** c__"), [{ kind: "bold", parts: ["a __b"] }, " c__"]);
  deepEqual(formatted("____a__"), [{ kind: "italic", parts: ["__a"] }]);
});

test("in code nothing has a meaning", () => {
  deepEqual(formatted("see `**a** https://x.org`"), ["see ", { kind: "code", text: "**a** https://x.org" }]);
  deepEqual(formatted("`one\ntwo`"), ["`one\ntwo`"]);
  deepEqual(formatted("```swift\nlet a = `b`\n**c**\n```\nafter"), [
    { kind: "block", language: "swift", text: "let a = `b`\n**c**" }, "after",
  ]);
  deepEqual(formatted("before\n```x```"), ["before", { kind: "block", language: "", text: "x" }]);
  deepEqual(formatted("``` and ~~no end~~"), ["``` and ", { kind: "strike", parts: ["no end"] }]);
  deepEqual(formatted("``````"), ["``````"]);
});

test("lines with a sign before them are a quote, lines together one; a face is none", () => {
  deepEqual(formatted("> a **b**\n> c\nd"), [
    { kind: "quote", parts: ["a ", { kind: "bold", parts: ["b"] }, "\nc"] }, "d",
  ]);
  deepEqual(formatted(">_< and >:("), [">_< and >:("]);
});

test("an address is a link without the sign behind it, and words with one are", () => {
  deepEqual(formatted("see https://x.org/a_b?c=1, or (http://y.org)."), [
    "see ", { kind: "link", text: "https://x.org/a_b?c=1", href: "https://x.org/a_b?c=1" },
    ", or (", { kind: "link", text: "http://y.org", href: "http://y.org" }, ").",
  ]);
  deepEqual(formatted("**https://x.org**"), [
    { kind: "bold", parts: [{ kind: "link", text: "https://x.org", href: "https://x.org" }] },
  ]);
  deepEqual(formatted("[here](https://x.org/)"), [{ kind: "link", text: "here", href: "https://x.org/" }]);
});

test("no link leads elsewhere than to the web, or than its own words say", () => {
  const linksOf = (text: string) => formatted(text).filter((part) => typeof part !== "string");
  for (const text of ["[a](javascript:alert(1))", "javascript:alert(1)", "data:text/html,x", "[a](//x.org)"]) {
    deepEqual(linksOf(text), []);
  }
  for (const text of ["[https://bank.org](https://evil.org)", "[www.bank.org](https://evil.org)"]) {
    deepEqual(formatted(text), [text]);
  }
});

test("without marks a text says what it said, but what is hidden", () => {
  equal(plain("**a** `b` ~~c~~ [d](https://x.org) ||e f||"), "a b c d ▒ ▒");
  equal(plain("> quoted\nand\n```js\ncode\n```"), "\nquoted\nand\ncode\n".trim());
  equal(plain("plain > text * with _ signs"), "plain > text * with _ signs");
});

/** Everything that was written and is no mark that has a meaning. */
function lettersOf(parts: readonly Part[]): string {
  return parts.map((part) => (typeof part === "string" ? part : "parts" in part ? lettersOf(part.parts) : part.text)).join("");
}

test("whatever is written, every letter of it is shown, in its order", () => {
  const pieces = ["**", "__", "~~", "||", "`", "```", "> ", "\n", " ", "a", "bc", "[", "](", ")", "https://x", "é", "😀"];
  let seed = 1;
  const next = (bound: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % bound;
  };
  const letters = (text: string) => text.replace(/https:\/\/x/g, "").replace(/[^abcé😀]/gu, "");
  for (let round = 0; round < 20_000; round += 1) {
    const text = Array.from({ length: next(24) }, () => pieces[next(pieces.length)]).join("");
    // Of words with an address behind them the address is not shown, nor the language of a block.
    if (/\]\(https/.test(text) || /```[\w]+\n/.test(text)) continue;
    equal(letters(lettersOf(formatted(text))), letters(text), JSON.stringify(text));
  }
});

test("a text of nothing but signs, sixteen times as long as may be sent, is read to its end", () => {
  const hostile = [
    "**", "__**~~||", "`", "```", "``` ", "> ", "> \n", "[", "[a](", "[a](https://", "https://", "http://.", "**a", "a**",
    "**a**", "__a ", "||~~", "`\n", "[[]](", "a`b\n", "https://a,", "](https://x)", "**a __b ~~c ||d ",
  ];
  const letters = (text: string) => text.replace(/https?:/g, "").replace(/[^abcd]/g, "");
  for (const piece of hostile) {
    // If each of its signs met each other, this would take minutes.
    const text = piece.repeat(Math.ceil((16 * charactersMax) / piece.length));
    equal(letters(lettersOf(formatted(text))), letters(text), JSON.stringify(piece));
  }
});
