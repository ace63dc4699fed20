// Where a menu stands: at a point or under a button, and never over the edge of the page.

/** A point, or a box with a width and a height; `end` lines up the far edges. */
export interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly width?: number;
  readonly height?: number;
  readonly side?: "start" | "end";
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface Place {
  readonly x: number;
  readonly y: number;
  /** The corner that it grows from. */
  readonly origin: string;
}

const edgePixels = 8;
const gapPixels = 4;

export function placeBeside(anchor: Anchor, size: Size, page: Size, isRtl: boolean): Place {
  const { x, y, width = 0, height = 0, side = "start" } = anchor;
  const gap = height > 0 ? gapPixels : 0;
  // Along the line: from the anchor's edge on, unless it ends there or the page does.
  const isToLeft = (side === "end") !== isRtl;
  const fitsRight = x + size.width + edgePixels <= page.width;
  const fitsLeft = x + width - size.width - edgePixels >= 0;
  const growsLeft = isToLeft ? fitsLeft || !fitsRight : !fitsRight && fitsLeft;
  const wantedX = growsLeft ? x + width - size.width : x;
  // Downwards, unless there is room above only.
  const fitsBelow = y + height + gap + size.height + edgePixels <= page.height;
  const fitsAbove = y - gap - size.height - edgePixels >= 0;
  const growsUp = !fitsBelow && fitsAbove;
  const wantedY = growsUp ? y - gap - size.height : y + height + gap;
  return {
    x: within(wantedX, page.width - size.width - edgePixels),
    y: within(wantedY, page.height - size.height - edgePixels),
    origin: `${growsUp ? "bottom" : "top"} ${growsLeft ? "right" : "left"}`,
  };
}

function within(wanted: number, most: number): number {
  return Math.round(Math.max(edgePixels, Math.min(wanted, most)));
}
