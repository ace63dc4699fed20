// A message that was found, as one line around its first hit.

import type { FoundMessage } from "../../protocol/http-types";

export interface Piece {
  readonly text: string;
  readonly isHit: boolean;
}

/** Characters before the first hit, and of the line. */
const leadMax = 24;
const lengthMax = 160;

/** The pieces of the line; blanks are one space each. */
export function snippetOf({ entry, marks }: FoundMessage): readonly Piece[] {
  if (entry.kind !== "text") return [];
  const first = marks[0]?.[0] ?? 0;
  const from = first > leadMax ? startOfWord(entry.text, first - leadMax) : 0;
  const end = from + lengthMax;
  const pieces: Piece[] = from > 0 ? [{ text: "…", isHit: false }] : [];
  let at = from;
  for (const [start, stop] of marks) {
    if (start >= end) break;
    if (start > at) pieces.push({ text: entry.text.slice(at, start), isHit: false });
    pieces.push({ text: entry.text.slice(start, stop), isHit: true });
    at = stop;
  }
  if (at < end) pieces.push({ text: entry.text.slice(at, end), isHit: false });
  return pieces.map(({ text, isHit }) => ({ text: text.replace(/\s+/g, " "), isHit })).filter(({ text }) => text !== "");
}

/** After the next blank, and not in the middle of a character. */
function startOfWord(text: string, at: number): number {
  const blank = text.slice(at, at + leadMax).search(/\s/);
  if (blank >= 0) return at + blank + 1;
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at + 1 : at;
}
