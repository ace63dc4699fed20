// What a person typed, as the protocol takes it.

/** Unicode scalars that a message may have. */
export const charactersMax = 4_096;

/**
 * The text of a message: without control characters other than line breaks and tabs, without halves of
 * surrogate pairs (which are no text, and no node can read them), without white space around.
 */
export function messageText(typed: string): string {
  return typed
    .replace(/\r\n?/g, "\n")
    .replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF]/g, (found) => (found.length === 2 ? found : "\uFFFD"))
    .replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, "")
    .trim();
}

/** How many scalars a text has. O(length), without a copy. */
export function charactersOf(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index += 1) {
    const unit = text.charCodeAt(index);
    const next = text.charCodeAt(index + 1);
    if (unit >= 0xd800 && unit <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) count -= 1;
  }
  return count;
}
