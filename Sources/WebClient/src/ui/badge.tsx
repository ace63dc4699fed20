import { classes } from "./classes";
import "./badge.css";

interface BadgeProps {
  readonly count: number;
  readonly isInverted?: boolean;
}

/** How many messages are unread; nothing when none are. */
export function Badge({ count, isInverted }: BadgeProps) {
  if (count <= 0) return null;
  return (
    <span
      className={classes("badge", isInverted === true && "badge--inverted")}
      aria-label={`${count} unread`}
      data-testid="unread"
    >
      {count > 9999 ? "9999+" : count}
    </span>
  );
}
