import { useEffect, useMemo, useRef, useState } from "react";
import { unread } from "../../model/chat";
import type { Chat } from "../../model/chat";
import { rowsOf } from "../../model/rows";
import { dayName } from "../../model/time";
import { useClient, useSnapshot } from "../../session/context";
import { waitingOf } from "../../session/snapshot";
import { Badge } from "../../ui/badge";
import { Icon } from "../../ui/icon";
import { daysOf, endAbove, endAround, endBelow, sliceOf } from "./row-window";
import { TimelineRow } from "./timeline-row";
import { useScroll } from "./use-scroll";
import "./timeline.css";

interface TimelineProps {
  readonly chat: Chat;
}

/** With more unread messages than this a chat opens at its end. */
const unreadPlacedMax = 600;

/** The thread of a chat. Give it the chat's id as key: what was unread is taken when it is opened. */
export function Timeline({ chat }: TimelineProps) {
  const client = useClient();
  const { store, session, me, loading } = useSnapshot();
  const [atOpen] = useState({ mark: chat.mark, head: chat.head.n });
  const [endKey, setEndKey] = useState<string | null>(null);
  const hasPlaced = useRef(false);
  const scroll = useRef<HTMLDivElement>(null);
  const myId = me?.id ?? null;
  const { outbox, arrived } = session;
  const rows = useMemo(
    () => rowsOf(chat, waitingOf({ outbox, arrived }), myId, atOpen),
    [chat, outbox, arrived, myId, atOpen],
  );
  const slice = sliceOf(rows, endKey);
  const { isAtBottom, look, stick, showRow } = useScroll(scroll, {
    hasBelow: slice.hasBelow,
    onNearTop: () => {
      if (slice.hasAbove) setEndKey(endAbove(rows, endKey));
    },
    onNearBottom: () => setEndKey(endBelow(rows, endKey)),
    onHole: (before) => void client.loadHistory(chat.id, before),
    onSeen: (n) => {
      // Where the thread begins to be shown is not decided yet: nothing is seen.
      if (hasPlaced.current) client.read(chat.id, n);
    },
  });

  // Once, when enough is here: the line above what is unread comes near the upper edge. It is a scroll
  // position, which only the document has.
  const isLoading = loading[chat.id] === true;
  useEffect(() => {
    if (hasPlaced.current || isLoading) return;
    const line = rows.find((row) => row.kind === "unread");
    const hole = [...rows].reverse().find((row) => row.kind === "hole");
    const unreadCount = atOpen.head - atOpen.mark;
    const isLineAbove = line === undefined && unreadCount > 0 && unreadCount <= unreadPlacedMax;
    if (isLineAbove && hole?.kind === "hole") {
      void client.loadHistory(chat.id, hole.before);
    } else if (line === undefined || showRow(line.key)) {
      hasPlaced.current = true;
      look();
    } else {
      setEndKey(endAround(rows, line.key));
    }
  }, [client, chat.id, atOpen, isLoading, rows, endKey, showRow, look]);

  // A message that I just wrote is shown, wherever I was; the position is the document's.
  const lastRow = rows[rows.length - 1];
  const written = lastRow?.kind === "pending" ? lastRow.key : null;
  useEffect(() => {
    if (written === null) return;
    setEndKey(null);
    stick();
  }, [written, stick]);

  const showsNames = chat.kind === "public" || chat.members > 2;
  const isEmpty = rows.every((row) => row.kind === "service");
  return (
    <div className="timeline">
      <div className="timeline__scroll" ref={scroll} onScroll={look} data-testid="timeline">
        <div className="timeline__lane" role="log" aria-label={`Messages of ${chat.name}`}>
          {daysOf(slice.rows).map(({ day, rows: ofDay }) => (
            <ol className="timeline__day" key={day}>
              <li className="timeline__pill">
                <span>{dayName(ofDay[0]?.ts ?? 0, Date.now())}</span>
              </li>
              {ofDay.map((row) => (
                <TimelineRow
                  key={row.key}
                  row={row}
                  people={store.people}
                  me={myId}
                  showsNames={showsNames}
                />
              ))}
            </ol>
          ))}
          {isEmpty && <p className="timeline__empty">No messages here yet. Write the first.</p>}
        </div>
      </div>
      {!isAtBottom && (
        <div className="timeline__down">
          <button
            type="button"
            className="timeline__to-bottom"
            aria-label="Go to the newest message"
            onClick={() => {
              setEndKey(null);
              stick();
            }}
          >
            <Icon name="down" />
            <span className="timeline__count">
              <Badge count={unread(chat)} />
            </span>
          </button>
        </div>
      )}
    </div>
  );
}
