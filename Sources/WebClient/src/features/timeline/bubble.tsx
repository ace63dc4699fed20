import { useContext, useRef } from "react";
import type { ReactNode } from "react";
import type { MessageRow, PendingRow } from "../../model/rows";
import { clockTime, fullTime } from "../../model/time";
import { usePicked } from "../../session/selecting";
import { classes } from "../../ui/classes";
import { Icon } from "../../ui/icon";
import { colourOf } from "../../ui/peer-colour";
import { Ticks } from "../../ui/ticks";
import type { Delivery } from "../../ui/ticks";
import { text } from "../../text/text";
import { Later } from "../../ui/later";
import { useArrival } from "./arrivals";
import { PartsContext } from "./parts";
import { useSwipeReply } from "./use-swipe-reply";
import "./bubble.css";

export interface Sender {
  readonly id: string;
  readonly name: string;
  readonly isCreator: boolean;
}

interface BubbleProps {
  readonly row: MessageRow | PendingRow;
  /** The ordinal of the message; 0 while it has none. */
  readonly n: number;
  readonly isOut: boolean;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Nothing is behind it: what it shows is large enough by itself. */
  readonly isBare?: boolean;
  /** Who wrote it, in chats of several people; null where that is clear. */
  readonly sender: Sender | null;
  /** What it answers; null for none. */
  readonly reply: ReactNode;
  readonly isStarred?: boolean;
  /** Somebody went to it: it is lit for a moment. */
  readonly isFound?: boolean;
  readonly ts: number;
  readonly delivery: Delivery | null;
  readonly children: ReactNode;
}

const nothing = { edited: undefined, reactions: undefined };

/** The frame of a message: colour, corners and tail by its place in the group, name, time and ticks. */
export function Bubble(props: BubbleProps) {
  const { row, n, isOut, isFirst, isLast, isBare, sender, reply, isStarred, isFound, ts, delivery, children } = props;
  const element = useRef<HTMLLIElement>(null);
  const parts = useContext(PartsContext);
  useArrival(element, row);
  const seq = row.kind === "message" && row.entry.kind === "text" ? row.entry.seq : 0;
  const { edited, reactions } = row.kind === "message" && row.entry.kind === "text" ? row.entry : nothing;
  const isReacted = reactions !== undefined && reactions.tallies.length > 0;
  const isPicked = usePicked(seq);
  const { isSwiped, handlers } = useSwipeReply(element, isPicked === null ? seq : 0);
  return (
    <li
      ref={element}
      className={classes(
        "bubble",
        isOut && "bubble--out",
        isFirst && "bubble--first",
        isLast && "bubble--last",
        isBare === true && "bubble--bare",
        edited !== undefined && "bubble--edited",
        isStarred === true && "bubble--starred",
        isFound === true && "bubble--found",
        isSwiped && "bubble--swiped",
        isPicked === true && "bubble--picked",
        isReacted && "bubble--reacted",
      )}
      tabIndex={-1}
      data-key={row.key}
      data-n={n}
      data-testid="message"
      data-delivery={delivery ?? undefined}
      {...handlers}
    >
      <div className="bubble__body">
        {sender !== null && isFirst && (
          <span className="bubble__head">
            <span className={`bubble__name bubble__name--${colourOf(sender.id)}`} dir="auto">
              {sender.name}
            </span>
            {sender.isCreator && <span className="bubble__rank">{text("info.creator")}</span>}
          </span>
        )}
        {reply}
        <div className="bubble__content">
          {children}
          <span className="bubble__space" />
        </div>
        {isReacted && (
          <div className="bubble__reactions">
            <Later from={parts}>
              {({ ReactionChips }) => (
                <ReactionChips seq={seq} reactions={reactions} isOut={isOut} isBare={isBare === true} />
              )}
            </Later>
            <span className="bubble__space" />
          </div>
        )}
        <span
          className="bubble__meta"
          title={fullTime(ts) + (edited === undefined ? "" : `\n${text("thread.editedAt", { time: fullTime(edited.ts) })}`)}
        >
          {edited !== undefined && <span className="bubble__edited" data-testid="edited">{text("thread.edited")}</span>}
          {isStarred === true && (
            <span className="bubble__star" role="img" aria-label={text("thread.starred")} data-testid="star">
              <Icon name="star" />
            </span>
          )}
          {clockTime(ts)}
          {delivery !== null && <Ticks delivery={delivery} />}
        </span>
        {isLast && isBare !== true && (
          <svg className="bubble__tail" viewBox="0 0 11 20" aria-hidden="true">
            <path d="M11 0v19H1.100c-1 0-1.500-1.200-.7-1.900C5.200 13.200 9.600 7.800 11 0z" />
          </svg>
        )}
      </div>
      {isPicked !== null && (
        <span className="bubble__pick" role="checkbox" aria-checked={isPicked} aria-label={text("select.one")}>
          {isPicked && <Icon name="check" />}
        </span>
      )}
      {isSwiped && (
        <span className="bubble__swipe">
          <Icon name="reply" />
        </span>
      )}
    </li>
  );
}
