// The words that were found are marked in the open thread: by the browser's own highlights, so that the elements stay
// those of the thread. A browser that has none shows the thread as it is.

import { useEffect } from "react";
import type { FoundMessage } from "../../protocol/http-types";
import { placesOf, writtenWords } from "./hit-ranges";

/** The highlights of the CSS Custom Highlight API, which the types of TypeScript do not know yet. */
interface Highlights {
  set(name: string, highlight: object): void;
  delete(name: string): void;
}
type HighlightClass = new (...ranges: readonly Range[]) => object;

const name = "found";

export function useHighlights(hits: readonly FoundMessage[]): void {
  // What the browser paints is no element; rows come and go while somebody scrolls.
  useEffect(() => {
    const { highlights } = CSS as { readonly highlights?: Highlights };
    const { Highlight } = window as { readonly Highlight?: HighlightClass };
    const thread = document.querySelector(".timeline__scroll");
    if (highlights === undefined || Highlight === undefined || thread === null || hits.length === 0) return;
    const words = new Map(hits.map((hit) => [String(hit.entry.n), writtenWords(hit)]));
    const paint = () => highlights.set(name, new Highlight(...rangesIn(thread, words)));
    paint();
    const observer = new MutationObserver(paint);
    observer.observe(thread, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      highlights.delete(name);
    };
  }, [hits]);
}

function rangesIn(thread: Element, words: ReadonlyMap<string, readonly string[]>): readonly Range[] {
  const ranges: Range[] = [];
  for (const bubble of thread.querySelectorAll<HTMLElement>("[data-n]")) {
    const found = words.get(bubble.dataset["n"] ?? "");
    const content = bubble.querySelector(".bubble__content");
    if (found === undefined || content === null) continue;
    const texts = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      for (const [start, end] of placesOf(found, node.textContent ?? "")) {
        const range = document.createRange();
        range.setStart(node, start);
        range.setEnd(node, end);
        ranges.push(range);
      }
    }
  }
  return ranges;
}
