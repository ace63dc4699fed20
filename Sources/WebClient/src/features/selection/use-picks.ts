// While messages are being chosen, a press on one is about that and nothing else: neither links in it nor what a
// double click means.

import { useEffect, useRef } from "react";

interface PickPort {
  /** A message was pressed; `isRange` with all up to the one before. */
  readonly onPick: (seq: number, isRange: boolean) => void;
  readonly onCopy: () => void;
  readonly onDelete: () => void;
  readonly onCancel: () => void;
}

export function usePicks(port: PickPort): void {
  const latest = useRef(port);
  latest.current = port;
  // The thread is another part of the page; the styles of its rows follow the mode of the document.
  useEffect(() => {
    const { dataset } = document.documentElement;
    const onClick = (event: MouseEvent) => {
      const seq = pickableAt(event.target);
      if (seq === 0) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.type === "click") latest.current.onPick(seq, event.shiftKey);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      if (document.querySelector("dialog[open], [role=menu]") !== null) return;
      const { onPick, onDelete, onCancel } = latest.current;
      const seq = pickableAt(event.target);
      if (event.key === "Escape") onCancel();
      else if (event.key === "Delete" && !isWriting(event.target)) onDelete();
      else if ((event.key === " " || event.key === "Enter") && seq !== 0) onPick(seq, event.shiftKey);
      else return;
      event.preventDefault();
    };
    const onCopy = (event: ClipboardEvent) => {
      // Words that somebody marked are what they want.
      if (window.getSelection()?.isCollapsed === false || isWriting(event.target)) return;
      event.preventDefault();
      latest.current.onCopy();
    };
    dataset["selecting"] = "";
    for (const kind of ["click", "dblclick", "contextmenu"] as const) document.addEventListener(kind, onClick, true);
    document.addEventListener("keydown", onKeyDown);
    document.addEventListener("copy", onCopy);
    return () => {
      delete dataset["selecting"];
      for (const kind of ["click", "dblclick", "contextmenu"] as const) document.removeEventListener(kind, onClick, true);
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("copy", onCopy);
    };
  }, []);
}

/** The number of the message that was pressed; 0 for none that can be chosen. */
function pickableAt(target: EventTarget | null): number {
  const row = target instanceof Element ? target.closest<HTMLElement>("[data-testid=message]") : null;
  return row === null || row.querySelector("[role=checkbox]") === null ? 0 : Number(row.dataset["key"]?.slice(1));
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
