// The field of the open chat has the focus whenever nothing else wants it: when the chat opens, and when
// somebody types, pastes or presses Tab while nothing has it.

import { useEffect } from "react";
import type { RefObject } from "react";
import { focusComposer } from "../../ui/focus-composer";

export function useFocusHere(input: RefObject<HTMLTextAreaElement>): void {
  // The page's keys are the document's to tell.
  useEffect(() => {
    focusComposer();
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.defaultPrevented || !isForField(event) || !isIdle(event.key)) return;
      input.current?.focus();
      if (event.key === "Tab") event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [input]);
}

/** Whether nothing has the focus that wants `key`, and nothing lies over the page. A thread takes no letters. */
function isIdle(key: string): boolean {
  const { activeElement } = document;
  const isThread = activeElement?.closest("[role=log]") != null && activeElement.tagName !== "A";
  const isKeyOfThread = key === "Tab" || key === " ";
  const isNowhere = activeElement === null || activeElement === document.body;
  if (!isNowhere && (!isThread || isKeyOfThread)) return false;
  return document.querySelector("dialog[open], [role=menu]") === null;
}

/** Letters but the question mark, which lists the keys; what pastes; the first Tab. */
function isForField({ key, ctrlKey, metaKey, altKey, shiftKey }: globalThis.KeyboardEvent): boolean {
  if (altKey) return false;
  if (ctrlKey || metaKey) return key.toLowerCase() === "v";
  // From the thread Tab leads on as everywhere.
  if (key === "Tab") return !shiftKey && document.activeElement === document.body;
  return key.length === 1 && key !== "?";
}
