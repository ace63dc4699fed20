// A finger that draws a message towards the beginning of the line replies to it. The round icon beside it
// grows on the way; where it is whole, letting go replies.

import { useContext, useMemo, useRef, useState } from "react";
import type { PointerEvent, RefObject } from "react";
import { ThreadActsContext } from "./thread-acts";

/** A finger that moved further than this swipes, or scrolls when it moved more up or down. */
const beginPixels = 12;
/** So far a message has to be drawn. */
const replyPixels = 56;
/** It comes no further. */
const drawnPixelsMax = 72;

interface SwipeHandlers {
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onPointerUp: () => void;
  readonly onPointerCancel: () => void;
}

/** Handlers for the row of the message `seq`; 0 is one that cannot be answered. */
export function useSwipeReply(
  element: RefObject<HTMLElement>,
  seq: number,
): { readonly isSwiped: boolean; readonly handlers: SwipeHandlers } {
  const { reply } = useContext(ThreadActsContext);
  const [isSwiped, setSwiped] = useState(false);
  const latest = useRef({ reply, seq });
  latest.current = { reply, seq };
  const handlers = useMemo((): SwipeHandlers => {
    let start: { readonly x: number; readonly y: number } | null = null;
    let drawn = 0;
    const draw = (pixels: number) => {
      drawn = pixels;
      element.current?.style.setProperty("--drawn", `${pixels}px`);
      element.current?.style.setProperty("--drawn-part", String(Math.min(1, pixels / replyPixels)));
    };
    const end = () => {
      start = null;
      draw(0);
      setSwiped(false);
    };
    return {
      onPointerDown: ({ pointerType, isPrimary, clientX: x, clientY: y }) => {
        start = pointerType === "mouse" || !isPrimary || latest.current.seq === 0 ? null : { x, y };
      },
      onPointerMove: ({ clientX, clientY }) => {
        if (start === null) return;
        const isRtl = document.documentElement.dir === "rtl";
        const along = (clientX - start.x) * (isRtl ? 1 : -1);
        const across = Math.abs(clientY - start.y);
        if (drawn === 0 && across > beginPixels) return end();
        if (drawn === 0 && along < beginPixels) return;
        setSwiped(true);
        draw(Math.min(drawnPixelsMax, Math.max(1, along - beginPixels)));
      },
      onPointerUp: () => {
        const isFar = drawn >= replyPixels;
        end();
        if (isFar) latest.current.reply(latest.current.seq);
      },
      onPointerCancel: end,
    };
  }, [element]);
  return { isSwiped, handlers };
}
