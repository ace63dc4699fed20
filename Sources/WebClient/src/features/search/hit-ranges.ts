// Where the words that were found stand in the texts of a bubble. Formatting takes marks out of a text and spreads the
// rest over elements, so that the places that the cluster names are not those on the page: the words are looked for
// again.

import type { FoundMessage } from "../../protocol/http-types";

/** The words of a hit as they are written in it, the longest first, each once. */
export function writtenWords({ entry, marks }: FoundMessage): readonly string[] {
  if (entry.kind !== "text") return [];
  const words = marks.map(([start, end]) => entry.text.slice(start, end)).filter((word) => word.trim() !== "");
  return [...new Set(words)].sort((one, other) => other.length - one.length);
}

/** The places of the words in a text, ascending and apart. */
export function placesOf(words: readonly string[], text: string): readonly (readonly [number, number])[] {
  const places: (readonly [number, number])[] = [];
  let at = 0;
  while (at < text.length) {
    const word = words.find((each) => text.startsWith(each, at));
    if (word === undefined) {
      at += 1;
    } else {
      places.push([at, at + word.length]);
      at += word.length;
    }
  }
  return places;
}
