// Where a thread opens: where one left it, else at the line above what is unread, else at its end. What
// is missing for that is loaded first. The scroll-down button goes to the line by the same way.

import { useLayoutEffect, useState } from "react";
import { holeAtEnd, holeBefore, placeOf } from "../../model/chat";
import type { Chat } from "../../model/chat";
import { firstUnreadOf } from "../../model/rows";
import type { UnreadAtOpen } from "../../model/rows";
import type { Place } from "../../session/places";
import { lastAround } from "./row-window";
import type { RowEdge } from "./use-scroll";

/** With more unread messages than this a chat opens at its end. */
const unreadPlacedMax = 600;
/** The unread line stands this far below the upper edge. */
const lineTop = 56;
/** Entries below the place that are loaded with it. */
const placeMargin = 40;

export type Goal =
  | { readonly kind: "place"; readonly place: Place }
  | { readonly kind: "unread" }
  /** A message that somebody asked to see. */
  | { readonly kind: "found"; readonly seq: number };

interface PlacingPort {
  readonly chat: Chat;
  readonly atOpen: UnreadAtOpen;
  readonly isLoading: boolean;
  readonly isRefused: boolean;
  readonly setLast: (last: number | null) => void;
  readonly load: (before: number) => void;
  readonly showRow: (key: string, edge: RowEdge) => boolean;
  /** The message that somebody asked to see is in sight. */
  readonly onFound: (seq: number) => void;
  readonly look: () => void;
}

/** The goal that a chat opens with; null is the end. */
export function firstGoal(place: Place | null, atOpen: UnreadAtOpen): Goal | null {
  if (place !== null) return { kind: "place", place };
  const count = atOpen.head - atOpen.mark;
  return count > 0 && count <= unreadPlacedMax ? { kind: "unread" } : null;
}

/** The number of the entry that a goal is at, if it is here. */
export function entryOf(chat: Chat, goal: Goal, atOpen: UnreadAtOpen): number | null {
  if (goal.kind !== "unread") {
    const seq = seqOf(goal);
    return chat.entries[placeOf(chat.entries, seq)]?.seq === seq ? seq : null;
  }
  const first = firstUnreadOf(atOpen, chat.erased);
  // What is no message has the ordinal 0, too.
  if (first === 0) return null;
  return chat.entries.find(({ n }) => n === first)?.seq ?? null;
}

/** The last entry of the stretch that a chat opens with, as far as its goal is here. */
export function lastFor(chat: Chat, goal: Goal | null, atOpen: UnreadAtOpen): number | null {
  const seq = goal === null ? null : entryOf(chat, goal, atOpen);
  return seq === null ? null : lastAround(chat.entries, seq);
}

/** Answers whether a goal is still to be reached, and what sets one. */
export function usePlacing(first: Goal | null, port: PlacingPort) {
  const [goal, setGoal] = useState(first);
  // Before anything is drawn, so that the thread is not seen elsewhere first. Positions are the document's.
  useLayoutEffect(() => {
    if (goal === null) return;
    const { chat, atOpen, isLoading, isRefused, setLast, load, showRow, onFound, look } = port;
    const seq = entryOf(chat, goal, atOpen);
    if (seq === null) {
      const before = goal.kind === "unread" ? lowestHole(chat) : beforeFor(chat, seqOf(goal));
      if (before === null || isRefused) setGoal(null);
      else if (!isLoading) load(before);
      return;
    }
    const isShown =
      goal.kind === "unread"
        ? showRow("unread", { top: lineTop })
        : showRow(`e${seq}`, goal.kind === "place" ? { bottom: goal.place.bottom } : "middle");
    if (!isShown) return setLast(lastAround(chat.entries, seq));
    setGoal(null);
    if (goal.kind === "found") onFound(goal.seq);
    look();
  });
  return { isPlaced: goal === null, setGoal };
}

function seqOf(goal: Exclude<Goal, { readonly kind: "unread" }>): number {
  return goal.kind === "place" ? goal.place.seq : goal.seq;
}

/**
 * Before which number history has to be asked, so that the entry `seq` comes: each page brings it nearer.
 * Null when there is no such entry.
 */
export function beforeFor({ entries, head }: Chat, seq: number): number | null {
  if (seq > head.seq) return null;
  return Math.min(seq + placeMargin, entries[placeOf(entries, seq)]?.seq ?? head.seq + 1);
}

/** Before which number the hole that is nearest to the end has to be filled. */
function lowestHole(chat: Chat): number | null {
  const { entries } = chat;
  if (entries.length === 0) return null;
  const atEnd = holeAtEnd(chat);
  if (atEnd !== null) return atEnd;
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const before = holeBefore(chat, index);
    if (before !== null) return before;
  }
  return null;
}
