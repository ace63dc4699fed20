import type { KeyboardEvent, PointerEvent } from "react";
import { text } from "../text/text";
import { choose, fittingListWidth, listWidths } from "../ui/preferences";
import "./column-divider.css";

const stepPixels = 16;

/** The edge of the list, to be dragged or moved by arrows; a double click gives it back to the window. */
export function ColumnDivider() {
  function onPointerDown(event: PointerEvent<HTMLDivElement>) {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
  }

  function onPointerMove(event: PointerEvent<HTMLDivElement>) {
    const column = event.currentTarget.parentElement?.getBoundingClientRect();
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || column === undefined) return;
    const isRtl = document.dir === "rtl";
    choose({ listWidth: fittingListWidth(isRtl ? column.right - event.clientX : event.clientX - column.left) });
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const width = event.currentTarget.parentElement?.offsetWidth ?? listWidths.min;
    const step = event.key === "ArrowRight" ? stepPixels : event.key === "ArrowLeft" ? -stepPixels : 0;
    const isRtl = document.dir === "rtl";
    if (step !== 0) choose({ listWidth: fittingListWidth(width + (isRtl ? -step : step)) });
    else if (event.key === "Home") choose({ listWidth: listWidths.min });
    else if (event.key === "End") choose({ listWidth: listWidths.max });
    else if (event.key === "Enter") choose({ listWidth: null });
    else return;
    event.preventDefault();
  }

  return (
    <div
      className="column-divider"
      role="separator"
      aria-orientation="vertical"
      aria-label={text("chats.width")}
      aria-valuemin={listWidths.min}
      aria-valuemax={listWidths.max}
      aria-valuenow={measuredWidth()}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      onDoubleClick={() => choose({ listWidth: null })}
    />
  );
}

/** As wide as the list is now; before it is drawn, as narrow as it may be. */
function measuredWidth(): number {
  return document.querySelector<HTMLElement>(".app__left")?.offsetWidth ?? listWidths.min;
}
