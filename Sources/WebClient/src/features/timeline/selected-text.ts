// What is selected of the page, as text. Of a message it has the marks that made it look as it does.

/** Null where nothing of a single message is selected. */
export function selectedOfMessage(): string | null {
  const selection = window.getSelection();
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const { commonAncestorContainer: inside } = range;
  const element = inside instanceof Element ? inside : inside.parentElement;
  return element?.closest("[data-testid=text]") == null ? null : markedText(range.cloneContents());
}

function markedText(node: Node): string {
  const inner = node.nodeValue ?? [...node.childNodes].map(markedText).join("");
  if (!(node instanceof HTMLElement)) return inner;
  const { mark = "", language } = node.dataset;
  if (node instanceof HTMLAnchorElement && node.title !== "") return `[${inner}](${node.title})`;
  const isQuote = node.tagName === "BLOCKQUOTE";
  if (!isQuote && language === undefined) return mark + inner + mark;
  const block = isQuote ? inner.replace(/^/gm, "> ") : `\`\`\`${language ?? ""}\n${inner}\n\`\`\``;
  const isAfterWords = node.previousSibling !== null && !/^(?:PRE|BLOCKQUOTE)$/.test(node.previousSibling.nodeName);
  return (isAfterWords ? "\n" : "") + block + (node.nextSibling === null ? "" : "\n");
}
