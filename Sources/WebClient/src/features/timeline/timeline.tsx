import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { unread } from "../../model/chat";
import type { Chat } from "../../model/chat";
import { may } from "../../model/roles";
import { rowsOf } from "../../model/rows";
import type { KnownRows } from "../../model/rows";
import { useClient, useSnapshot } from "../../session/context";
import { readPlace, savePlace } from "../../session/places";
import { waitingOf } from "../../session/snapshot";
import { text } from "../../text/text";
import { focusComposer } from "../../ui/focus-composer";
import { Arrivals } from "./arrivals";
import { Day } from "./day";
import { DownButton } from "./down-button";
import { daysOf, lastAbove, lastBelow, spanOf } from "./row-window";
import { isBelow } from "./rows-in-sight";
import { ThreadProvider } from "./thread-provider";
import { useDayPills } from "./use-day-pills";
import { useFound, useJumps } from "./use-jumps";
import { useMessageMenu } from "./use-message-menu";
import type { AskedMenu } from "./use-message-menu";
import { entryOf, firstGoal, lastFor, usePlacing } from "./use-placing";
import { useScroll } from "./use-scroll";
import { useThreadActs } from "./use-thread-acts";
import { useWatch } from "./use-watch";
import "./timeline.css";

interface TimelineProps {
  readonly chat: Chat;
  /** The menu of a message. */
  readonly messageMenu: (asked: AskedMenu, onClose: () => void) => ReactNode;
}

/** The thread of a chat. Give it the chat's id as key: what was unread is taken when it is opened. */
export function Timeline({ chat, messageMenu }: TimelineProps) {
  const client = useClient();
  const { store, session, me, loading, refused, sentHere } = useSnapshot();
  const [atOpen] = useState({ mark: chat.mark, head: chat.head.n });
  const [known] = useState<KnownRows>(() => new WeakMap());
  const [arrivals] = useState(() => new Arrivals(chat.head.seq, session.outbox.map(({ cmid }) => `p${cmid}`)));
  const [goal] = useState(() => firstGoal(readPlace(chat.id), atOpen));
  const [last, setLast] = useState(() => lastFor(chat, goal, atOpen));
  const scroll = useRef<HTMLDivElement>(null);
  const myId = me?.id ?? null;
  const { outbox, arrived } = session;
  const span = spanOf(chat.entries, last);
  const { start, end } = span;
  const rows = useMemo(
    () => rowsOf(chat, waitingOf({ outbox, arrived }), myId, atOpen, known, { start, end }),
    [chat, outbox, arrived, myId, atOpen, known, start, end],
  );
  const isPlacedNow = useRef(false);
  const { isAtBottom, look, stick, showRow } = useScroll(scroll, {
    hasAbove: start > 0,
    hasBelow: end < chat.entries.length,
    onNearTop: () => setLast(lastAbove(chat.entries, last)),
    onNearBottom: () => setLast(lastBelow(chat.entries, last)),
    onHole: (before) => client.loadHistory(chat.id, before),
    // Where the thread begins to be shown is not decided yet: nothing is seen.
    onSeen: (n) => isPlacedNow.current && client.read(chat.id, n),
    onPlace: (place) => isPlacedNow.current && savePlace(chat.id, place),
  });
  const { found, onFound } = useFound(scroll);
  const { isPlaced, setGoal } = usePlacing(goal, {
    chat,
    atOpen,
    isLoading: loading[chat.id] === true,
    isRefused: refused[chat.id] === true,
    setLast,
    load: (before) => client.loadHistory(chat.id, before),
    showRow,
    onFound,
    look,
  });
  isPlacedNow.current = isPlaced;
  const { jump, goBack } = useJumps({ chat, scroll, isAtBottom, setGoal });

  function toEnd() {
    setGoal(null);
    setLast(null);
    stick();
  }

  const sentBefore = useRef(sentHere);
  // A message that I just wrote is shown, wherever I was; the position is the document's.
  useLayoutEffect(() => {
    if (sentHere === sentBefore.current) return;
    sentBefore.current = sentHere;
    toEnd();
  });

  /** Back to where one jumped from, and to what is unread, when that is further down; then to the end. */
  function onDown() {
    focusComposer();
    if (goBack()) return;
    const line = entryOf(chat, { kind: "unread" }, atOpen);
    if (line !== null && isBelow(scroll.current, line)) setGoal({ kind: "unread" });
    else toEnd();
  }

  // What comes while one is elsewhere in the thread is not seen coming.
  useEffect(() => {
    if (!isAtBottom) arrivals.skip(chat.head.seq);
  }, [arrivals, isAtBottom, chat.head.seq]);

  useWatch(chat.id);
  useDayPills(scroll);
  const acts = useThreadActs(chat.id, jump);
  const { menu, close, handlers } = useMessageMenu(chat.id, rows, acts);
  const showsNames = chat.kind === "public" || chat.members > 2;
  const isEmpty = chat.head.n === 0 && rows.every((row) => row.kind === "service");
  return (
    <ThreadProvider acts={acts} arrivals={arrivals}>
      <div className="timeline">
        <div
          className="timeline__scroll"
          ref={scroll}
          // What comes is announced by the page, once; history that loads is not read out.
          role="log"
          aria-live="off"
          aria-label={text("thread.label", { name: chat.name })}
          tabIndex={0}
          onScroll={look}
          data-testid="timeline"
          {...handlers}
        >
          <div className="timeline__lane">
            {daysOf(rows).map(({ day, rows: ofDay }) => (
              <Day
                key={day}
                chat={chat}
                rows={ofDay}
                people={store.people}
                stars={store.stars[chat.id]}
                me={myId}
                showsNames={showsNames}
                found={found}
              />
            ))}
            {isEmpty && may(chat, "send") && <p className="timeline__empty">{text("thread.empty")}</p>}
          </div>
        </div>
        {menu !== null && messageMenu(menu, close)}
        {!isAtBottom && <DownButton count={unread(chat)} onPress={onDown} />}
      </div>
    </ThreadProvider>
  );
}
