// What is selected in the field: where it stands on the page, and how it gets marks.

import { marked } from "../../model/marking";
import type { Marking } from "../../model/marking";

const letters: Readonly<Record<string, Marking>> = { b: "bold", i: "italic" };
const shifted: Readonly<Record<string, Marking>> = { x: "strike", m: "code", p: "spoiler" };

/** The style that a key asks for; null for none. */
export function markingOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): Marking | null {
  if ((!ctrlKey && !metaKey) || altKey) return null;
  return (shiftKey ? shifted : letters)[key.toLowerCase()] ?? null;
}

export function hasSelection(field: HTMLTextAreaElement): boolean {
  return document.activeElement === field && field.selectionStart < field.selectionEnd;
}

/** Where the selection is. A field does not say it; a copy of it, there for this moment, does. */
export function boxOfSelection(field: HTMLTextAreaElement): DOMRect | null {
  if (!hasSelection(field)) return null;
  const copy = document.createElement("div");
  copy.className = field.className;
  copy.dir = "auto";
  const words = document.createTextNode(field.value);
  copy.append(words);
  field.after(copy);
  const range = document.createRange();
  range.setStart(words, field.selectionStart);
  range.setEnd(words, field.selectionEnd);
  const { x, y, width, height } = range.getBoundingClientRect();
  copy.remove();
  // What is above the edge of a field that scrolls is not in sight.
  const top = Math.max(y - field.scrollTop, field.parentElement?.getBoundingClientRect().top ?? 0);
  return new DOMRect(x, top, width, height);
}

/** Marks what is selected, as if it had been typed: the browser can take it back. */
export function apply(field: HTMLTextAreaElement, marking: Marking, onEdit: (text: string) => void): void {
  const { value, selectionStart, selectionEnd } = field;
  const { from, to, insert, start, end } = marked(value, selectionStart, selectionEnd, marking);
  field.focus();
  field.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, insert)) {
    field.setRangeText(insert, from, to);
    onEdit(field.value);
  }
  field.setSelectionRange(start, end);
}
