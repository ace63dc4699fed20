import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import type { FoundMessage } from "../../protocol/http-types";
import { readFoundPage } from "../../protocol/http-types";
import { snippetOf } from "./snippet";

const chat = "0".repeat(31) + "1";

function found(text: string, marks: readonly (readonly [number, number])[]): FoundMessage {
  const entry = { seq: 2, n: 1, ts: 1, from: null, kind: "text", text };
  const page = readFoundPage({ hits: [{ chat, entry, marks }], next: null, isPartial: false });
  const [hit] = page.hits;
  if (hit === undefined) throw new Error("no hit");
  return hit;
}

test("a short message is shown whole, its hits apart", () => {
  deepEqual(snippetOf(found("a cup\nof tea, tea", [[9, 12], [14, 17]])), [
    { text: "a cup of ", isHit: false },
    { text: "tea", isHit: true },
    { text: ", ", isHit: false },
    { text: "tea", isHit: true },
  ]);
});

test("of a long message the line begins shortly before the first hit, at a word", () => {
  const text = `${"word ".repeat(100)}tea ${"more ".repeat(100)}`;
  const pieces = snippetOf(found(text, [[500, 503]]));
  deepEqual(pieces[0], { text: "…", isHit: false });
  equal(/^word (word )+$/.test(pieces[1]?.text ?? ""), true);
  deepEqual(pieces[2], { text: "tea", isHit: true });
  ok(pieces.reduce((sum, piece) => sum + piece.text.length, 0) <= 162);
});

test("what has no hit in its words is shown from its beginning", () => {
  deepEqual(snippetOf(found("https://a.example", [])), [{ text: "https://a.example", isHit: false }]);
});
