// Going to a message that another one answers: lit for a moment when it is there, and back by the
// scroll-down button, step by step.

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { RefObject } from "react";
import type { Chat } from "../../model/chat";
import { useClient, useSnapshot } from "../../session/context";
import { isBelow, rowOf } from "./rows-in-sight";
import type { Goal } from "./use-placing";

/** A little less than the band takes to come and go, after which it would be there whole. */
const litMilliseconds = 1_950;

/** The message that somebody went to just now (0 for none), and what says that it is in sight. */
export function useFound(scroll: RefObject<HTMLElement>) {
  const [found, setFound] = useState<{ readonly seq: number }>({ seq: 0 });
  // The light goes out after a time, which is the clock's.
  useEffect(() => {
    if (found.seq === 0) return;
    const timer = window.setTimeout(() => setFound({ seq: 0 }), litMilliseconds);
    return () => window.clearTimeout(timer);
  }, [found]);
  const onFound = useCallback(
    (seq: number) => {
      setFound({ seq });
      const { activeElement } = document;
      const isHere = activeElement === document.body || scroll.current?.contains(activeElement) === true;
      // Who writes goes on writing.
      if (isHere && scroll.current !== null) rowOf(scroll.current, `e${seq}`)?.focus({ preventScroll: true });
    },
    [scroll],
  );
  return { found: found.seq, onFound };
}

interface JumpsPort {
  readonly chat: Chat;
  readonly scroll: RefObject<HTMLElement>;
  readonly isAtBottom: boolean;
  readonly setGoal: (goal: Goal) => void;
}

/** `jump` goes to a message; `goBack` to where the last jump began, and answers whether that is further down. */
export function useJumps({ chat, scroll, isAtBottom, setGoal }: JumpsPort) {
  const client = useClient();
  const { refused } = useSnapshot();
  const origins = useRef<number[]>([]);

  function goTo(seq: number) {
    // What was refused before may be asked again: somebody wants to see it.
    if (refused[chat.id] === true) client.opened(chat.id);
    setGoal({ kind: "found", seq });
  }

  function jump(seq: number, from: number) {
    if (from !== 0) origins.current.push(from);
    goTo(seq);
  }

  function goBack(): boolean {
    for (let seq = origins.current.pop(); seq !== undefined; seq = origins.current.pop()) {
      if (!isBelow(scroll.current, seq)) continue;
      goTo(seq);
      return true;
    }
    return false;
  }

  // At the end there is nothing to go back to; that one came there is the document's to tell.
  useEffect(() => {
    if (isAtBottom) origins.current = [];
  }, [isAtBottom]);

  // Somebody asked elsewhere on the page to see a message; the position is the document's.
  useLayoutEffect(() => {
    const seq = client.takeShown(chat.id);
    if (seq !== null) goTo(seq);
  });

  return { jump, goBack };
}
