import { equal } from "node:assert/strict";
import { test } from "node:test";
import { marked } from "./marking";
import type { Marking } from "./marking";

/** The text after the edit, with what is selected between `[` and `]`; so is the text before. */
function after(text: string, marking: Marking): string {
  const start = text.indexOf("<");
  const end = text.indexOf(">") - 1;
  const bare = text.replace(/[<>]/g, "");
  const edit = marked(bare, start, end, marking);
  const result = bare.slice(0, edit.from) + edit.insert + bare.slice(edit.to);
  return `${result.slice(0, edit.start)}<${result.slice(edit.start, edit.end)}>${result.slice(edit.end)}`;
}

test("what is selected gets marks, and stays selected; white space stays outside", () => {
  equal(after("a <b> c", "bold"), "a **<b>** c");
  equal(after("a< b >c", "spoiler"), "a ||<b>|| c");
  equal(after("a <> c", "italic"), "a __<>__ c");
});

test("a second press takes the marks away, around what is selected or in it", () => {
  equal(after("a **<b>** c", "bold"), "a <b> c");
  equal(after("a <**b**> c", "bold"), "a <b> c");
  equal(after("a **<b>** c", "strike"), "a **~~<b>~~** c");
});

test("code of one line is in the line, of several it is a block", () => {
  equal(after("a <b> c", "code"), "a `<b>` c");
  equal(after("<a\nb>", "code"), "```\n<a\nb>\n```");
  equal(after("```\n<a\nb>\n```", "code"), "<a\nb>");
});

test("a quote is of whole lines", () => {
  const quoted = marked("one\ntwo\nthree", 5, 6, "quote");
  equal(quoted.insert, "> two");
  equal(marked("> one\n> two", 3, 9, "quote").insert, "one\ntwo");
  equal(marked("> one\ntwo", 3, 8, "quote").insert, "> > one\n> two");
});

test("of a link the address is to be written next", () => {
  equal(after("see <this>", "link"), "see [this](<https://>)");
});
