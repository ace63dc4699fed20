import { useId, useLayoutEffect, useRef } from "react";
import type { ReactNode } from "react";
import { IconButton } from "./icon-button";
import { text } from "../text/text";
import "./dialog.css";

interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

/** A modal dialog; the browser keeps the focus inside and closes it by Escape. */
export function Dialog({ title, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // The element becomes modal only by this call, which gives the focus to its first button; closed by the other, while it is still in the page, it
  // gives the focus back to whatever had it.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element?.open === false) element.showModal();
    element?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="dialog__head">
        <IconButton icon="close" label={text("button.close")} onPress={onClose} />
        <h2 className="dialog__title" id={id}>
          {title}
        </h2>
      </div>
      <div className="dialog__body">{children}</div>
    </dialog>
  );
}
