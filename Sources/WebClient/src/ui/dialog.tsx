import { useEffect, useId, useRef } from "react";
import type { ReactNode } from "react";
import { IconButton } from "./icon-button";
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
  // The element becomes modal only by this call.
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
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
        <IconButton icon="close" label="Close" onPress={onClose} />
        <h2 className="dialog__title" id={id}>
          {title}
        </h2>
      </div>
      <div className="dialog__body">{children}</div>
    </dialog>
  );
}
