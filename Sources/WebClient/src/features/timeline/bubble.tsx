import type { ReactNode } from "react";
import { clockTime, fullTime } from "../../model/time";
import { Avatar } from "../../ui/avatar";
import { classes } from "../../ui/classes";
import { colourOf } from "../../ui/peer-colour";
import { Ticks } from "../../ui/ticks";
import type { Delivery } from "../../ui/ticks";
import "./bubble.css";

interface BubbleProps {
  readonly rowKey: string;
  /** The ordinal of the message; 0 while it has none. */
  readonly n: number;
  readonly isOut: boolean;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Who wrote it, in chats of several people; null where that is clear. */
  readonly sender: { readonly id: string; readonly name: string } | null;
  readonly ts: number;
  readonly delivery: Delivery | null;
  readonly children: ReactNode;
}

/** The frame of a message: colour, corners and tail by its place in the group, name, time and ticks. */
export function Bubble(props: BubbleProps) {
  const { rowKey, n, isOut, isFirst, isLast, sender, ts, delivery, children } = props;
  return (
    <li
      className={classes(
        "bubble",
        isOut && "bubble--out",
        isFirst && "bubble--first",
        isLast && "bubble--last",
      )}
      data-key={rowKey}
      data-n={n}
      data-testid="message"
      data-delivery={delivery ?? undefined}
    >
      {sender !== null && !isOut && (
        <span className="bubble__side">
          {isLast && <Avatar id={sender.id} name={sender.name} size="medium" />}
        </span>
      )}
      <div className="bubble__body">
        {sender !== null && !isOut && isFirst && (
          <span className={`bubble__name bubble__name--${colourOf(sender.id)}`}>{sender.name}</span>
        )}
        {children}
        <span className="bubble__space" />
        <span className="bubble__meta" title={fullTime(ts)}>
          {clockTime(ts)}
          {delivery !== null && <Ticks delivery={delivery} />}
        </span>
        {isLast && (
          <svg className="bubble__tail" viewBox="0 0 9 18" aria-hidden="true">
            <path d="M9 0v18H1c-.8 0-1.300-1-.6-1.600C4.500 13 8 7 9 0z" />
          </svg>
        )}
      </div>
    </li>
  );
}
