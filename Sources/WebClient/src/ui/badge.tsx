import { classes } from "./classes";
import { number, text } from "../text/text";
import "./badge.css";

interface BadgeProps {
  readonly count: number;
  /** On the accent: its colours are exchanged. */
  readonly isInverted?: boolean;
  /** Nobody wants to hear of them. */
  readonly isMuted?: boolean;
  /** Without unread messages it is a dot: somebody wants to come back. */
  readonly isMarked?: boolean;
  readonly size?: "normal" | "small";
}

const shownMax = 9_999;

/** How many messages are unread; nothing when none are. */
export function Badge({ count, isInverted, isMuted, isMarked = false, size = "normal" }: BadgeProps) {
  const isDot = isMarked && count <= 0;
  if (count <= 0 && !isDot) return null;
  const shown = count > shownMax ? `${number(shownMax)}+` : number(count);
  return (
    <span
      className={classes(
        "badge",
        isDot && "badge--dot",
        isMuted === true && "badge--muted",
        isInverted === true && "badge--inverted",
        size === "small" && "badge--small",
      )}
      role="img"
      aria-label={isDot ? text("chats.marked") : text("chats.unread", { n: count })}
      data-testid="unread"
    >
      {isDot ? "" : shown}
    </span>
  );
}
