// What a press on a style does to a text in which some of it is selected.

import { marks } from "./formatting";
import type { Style } from "./formatting";

export type Marking = Style | "code" | "quote" | "link";

/** Replaces the characters from `from` to `to` by `insert`; then those from `start` to `end` are selected. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  readonly start: number;
  readonly end: number;
}

const address = "https://";

/** Marks what is selected, or takes the marks that it has; white space at its ends stays outside. */
export function marked(text: string, start: number, end: number, marking: Marking): Edit {
  if (marking === "quote") return quotedLines(text, start, end);
  const selected = text.slice(start, end);
  const from = start + (selected.trim() === "" ? 0 : selected.length - selected.trimStart().length);
  const inner = text.slice(from, end).trim();
  const to = from + inner.length;
  const [before, after] = pairOf(marking, inner);
  if (text.slice(from - before.length, from) === before && text.slice(to, to + after.length) === after) {
    const first = from - before.length;
    return { from: first, to: to + after.length, insert: inner, start: first, end: first + inner.length };
  }
  if (inner.length > before.length + after.length && inner.startsWith(before) && inner.endsWith(after)) {
    const bare = inner.slice(before.length, -after.length);
    return { from, to, insert: bare, start: from, end: from + bare.length };
  }
  const insert = before + inner + after;
  // Of a link the address is what one writes next.
  const at = from + (marking === "link" ? insert.length - 1 - address.length : before.length);
  return { from, to, insert, start: at, end: at + (marking === "link" ? address.length : inner.length) };
}

function pairOf(marking: Exclude<Marking, "quote">, inner: string): readonly [string, string] {
  if (marking === "link") return ["[", `](${address})`];
  if (marking !== "code") return [marks[marking], marks[marking]];
  return inner.includes("\n") ? ["```\n", "\n```"] : ["`", "`"];
}

function quotedLines(text: string, start: number, end: number): Edit {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const last = text.indexOf("\n", end);
  const to = last < 0 ? text.length : last;
  const lines = text.slice(from, to).split("\n");
  const isQuoted = lines.every((line) => line.startsWith("> "));
  const insert = lines.map((line) => (isQuoted ? line.slice(2) : `> ${line}`)).join("\n");
  return { from, to, insert, start: from, end: from + insert.length };
}
