// A language that nobody speaks, made from English: every word is written from right to left and a third
// longer. What stays readable on the page was not taken from a catalogue, and what is cut off or stands
// on the wrong side would be in Arabic, too.

import type { Catalogue, Forms } from "./text";

const rightToLeft = "\u202e";
const pop = "\u202c";

export function pseudo(source: Readonly<Record<string, string | Forms>>): Catalogue {
  return Object.fromEntries(
    Object.entries(source).map(([key, entry]) => [
      key,
      typeof entry === "string" ? mirrored(entry) : { other: mirrored(entry.other) },
    ]),
  );
}

function mirrored(template: string): string {
  const parts = template.split(/(\{\w+\})/).map((part, index) =>
    index % 2 === 1 ? part : part.replace(/\p{L}+/gu, (word) => rightToLeft + longer(word) + pop),
  );
  return parts.join("");
}

function longer(word: string): string {
  return word + word.slice(-Math.ceil(word.length / 3));
}
