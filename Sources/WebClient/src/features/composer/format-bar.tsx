import { useEffect, useRef, useState } from "react";
import type { RefObject } from "react";
import type { Marking } from "../../model/marking";
import { text as words } from "../../text/text";
import { IconButton } from "../../ui/icon-button";
import { apply, boxOfSelection, hasSelection, markingOf } from "./selection";
import "./format-bar.css";

export interface FormatBarProps {
  /** The field of which something may be selected. */
  readonly input: RefObject<HTMLTextAreaElement>;
  readonly onEdit: (text: string) => void;
}

/** After a moment, so that it does not follow a hand that is still selecting. */
const pauseMilliseconds = 260;
/** Its middle keeps this far from the edges of the page. */
const edgePixels = 140;
const abovePixels = 52;

const styles = [
  { icon: "bold", label: "composer.bold" },
  { icon: "italic", label: "composer.italic" },
  { icon: "strike", label: "composer.strike" },
  { icon: "code", label: "composer.code" },
  { icon: "spoiler", label: "composer.spoiler" },
  { icon: "quote", label: "composer.quote" },
  { icon: "link", label: "composer.link" },
] as const;

/** The styles that what is selected can get, above it; their keys work without it. */
export function FormatBar({ input, onEdit }: FormatBarProps) {
  const bar = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState<DOMRect | null>(null);
  const latest = useRef(onEdit);
  latest.current = onEdit;

  // What is selected, and the keys of the field, are the document's to tell.
  useEffect(() => {
    const field = input.current;
    if (field === null) return;
    let timer = 0;
    const hide = () => {
      window.clearTimeout(timer);
      setBox(null);
    };
    const onSelection = () => {
      window.clearTimeout(timer);
      if (hasSelection(field)) timer = window.setTimeout(() => setBox(boxOfSelection(field)), pauseMilliseconds);
      else if (document.activeElement === field) hide();
    };
    const onFocus = ({ relatedTarget }: FocusEvent) => {
      if (!(relatedTarget instanceof Node) || bar.current?.contains(relatedTarget) !== true) hide();
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const marking = markingOf(event);
      if (marking !== null) apply(field, marking, latest.current);
      else if (event.key !== "Escape" || bar.current === null) return;
      else hide();
      event.preventDefault();
    };
    document.addEventListener("selectionchange", onSelection);
    field.addEventListener("blur", onFocus);
    field.addEventListener("keydown", onKeyDown);
    return () => {
      hide();
      document.removeEventListener("selectionchange", onSelection);
      field.removeEventListener("blur", onFocus);
      field.removeEventListener("keydown", onKeyDown);
    };
  }, [input]);

  // The styles put it where the selection is.
  useEffect(() => {
    if (box === null) return;
    const middle = Math.max(edgePixels, Math.min((box.left + box.right) / 2, innerWidth - edgePixels));
    bar.current?.style.setProperty("--x", `${middle}px`);
    bar.current?.style.setProperty("--y", `${Math.max(0, box.top - abovePixels)}px`);
  }, [box]);

  function press(marking: Marking) {
    if (input.current !== null) apply(input.current, marking, onEdit);
  }

  if (box === null) return null;
  return (
    <div
      ref={bar}
      className="format-bar"
      role="toolbar"
      aria-label={words("composer.format")}
      // The field keeps the focus, and with it what is selected.
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node) || !currentTarget.contains(relatedTarget)) setBox(null);
      }}
    >
      {styles.map(({ icon, label }) => (
        <IconButton key={icon} icon={icon} label={words(label)} onPress={() => press(icon)} />
      ))}
    </div>
  );
}
