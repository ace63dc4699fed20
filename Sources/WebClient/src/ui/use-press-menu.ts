// Asking for the menu of a thing: by the secondary button, by the menu key, or by a long press where there
// is nothing but a finger.

import { useMemo, useRef } from "react";
import type { MouseEvent, PointerEvent } from "react";
import type { Anchor } from "./place";

/** How long a finger has to rest, as long as the systems of phones take it. */
const longMilliseconds = 450;
/** A finger that moved further scrolls. */
const stillPixels = 10;

export interface PressMenuHandlers {
  readonly onContextMenu: (event: MouseEvent) => void;
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onPointerUp: () => void;
  readonly onPointerCancel: () => void;
  readonly onClickCapture: (event: MouseEvent) => void;
}

/** Handlers for an element; `onMenu` hears what was pressed and where the menu may stand, and answers
    whether it opened one. */
export function usePressMenu(onMenu: (target: Element, at: Anchor) => boolean): PressMenuHandlers {
  const latest = useRef(onMenu);
  latest.current = onMenu;
  return useMemo(() => {
    let timer: number | undefined;
    let start = { x: 0, y: 0 };
    let hasOpened = false;
    const stop = () => window.clearTimeout(timer);
    return {
      onContextMenu: (event) => {
        stop();
        if (hasOpened) return event.preventDefault();
        if (!(event.target instanceof Element)) return;
        if (latest.current(event.target, anchorOf(event, event.target))) {
          event.preventDefault();
          hasOpened = event.nativeEvent instanceof window.PointerEvent && event.nativeEvent.pointerType === "touch";
        }
      },
      onPointerDown: (event) => {
        stop();
        hasOpened = false;
        const { target, clientX: x, clientY: y } = event;
        if (event.pointerType === "mouse" || !event.isPrimary || !(target instanceof Element)) return;
        start = { x, y };
        timer = window.setTimeout(() => {
          hasOpened = latest.current(target, { x, y });
        }, longMilliseconds);
      },
      onPointerMove: (event) => {
        if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > stillPixels) stop();
      },
      onPointerUp: stop,
      onPointerCancel: stop,
      onClickCapture: (event) => {
        // The finger that rested is lifted: that is no press.
        if (!hasOpened) return;
        hasOpened = false;
        event.preventDefault();
        event.stopPropagation();
      },
    };
  }, []);
}

/** The pointer, or for the menu key the element itself. */
function anchorOf(event: MouseEvent, target: Element): Anchor {
  const box = target.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  const isPointer = x >= box.left - 1 && x <= box.right + 1 && y >= box.top - 1 && y <= box.bottom + 1;
  if (isPointer && (x !== 0 || y !== 0)) return { x, y };
  return { x: box.left, y: box.top, width: box.width, height: box.height };
}
