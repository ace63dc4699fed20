// The menu of a message: who asks for it, where, and how the keyboard gets to a message at all. A double click
// replies without it, and a press with Ctrl or Command chooses. The thread is one stop of Tab; from there the arrows
// walk its messages.

import { useRef, useState } from "react";
import type { ClipboardEvent, KeyboardEvent, MouseEvent, PointerEvent } from "react";
import type { Row } from "../../model/rows";
import type { ChatId } from "../../protocol/ids";
import { isSelecting, select } from "../../session/selecting";
import { focusComposer } from "../../ui/focus-composer";
import type { Anchor } from "../../ui/place";
import { usePressMenu } from "../../ui/use-press-menu";
import type { PressMenuHandlers } from "../../ui/use-press-menu";
import { selectedOfMessage } from "./selected-text";
import type { ThreadActs } from "./thread-acts";

export interface AskedMenu {
  readonly row: Row;
  readonly link: string | null;
  readonly selected: string;
  readonly anchor: Anchor;
}

interface MessageMenuPort {
  readonly menu: AskedMenu | null;
  readonly close: () => void;
  readonly handlers: PressMenuHandlers & {
    readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
    readonly onDoubleClick: (event: MouseEvent) => void;
    readonly onClick: (event: MouseEvent) => void;
    readonly onCopy: (event: ClipboardEvent) => void;
  };
}

/** The most between two taps that are one gesture. */
const doubleMilliseconds = 400;
const messages = "[data-testid=message]";

/** A double click on a message, or beside it, replies to it; two taps of a finger say something of it. */
export function useMessageMenu(chat: ChatId, rows: readonly Row[], acts: ThreadActs): MessageMenuPort {
  const [menu, setMenu] = useState<AskedMenu | null>(null);
  const tap = useRef({ isTouch: false, key: "", at: 0 });

  function rowAt(target: Element): Row | undefined {
    const key = target.closest<HTMLElement>(messages)?.dataset["key"];
    return rows.find((one) => one.key === key);
  }

  function ask(target: Element, anchor: Anchor): boolean {
    const row = rowAt(target);
    // While messages are chosen, the bar below says what can be done with them.
    if (row === undefined || isSelecting()) return false;
    const link = target.closest("a")?.href ?? null;
    setMenu({ row, link, selected: selectedOfMessage() ?? window.getSelection()?.toString() ?? "", anchor });
    return true;
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement)) return;
    const message = event.target.closest<HTMLElement>(messages);
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const next = neighbour(event.currentTarget, message, event.key === "ArrowUp" ? -1 : 1);
      if (next === null && message !== null && event.key === "ArrowDown") focusComposer();
      if (next === null) return;
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && message === event.target) {
      const { left: x, top: y, width, height } = message.getBoundingClientRect();
      if (!ask(message, { x, y, width, height })) return;
    } else return;
    event.preventDefault();
  }

  function onPointerDown(event: PointerEvent) {
    tap.current.isTouch = event.pointerType === "touch";
    press.onPointerDown(event);
  }

  /** A second tap on the same message within the time of a double click. */
  function onTap(target: Element, at: number): void {
    const row = rowAt(target);
    const { key } = tap.current;
    const isSecond = row !== undefined && row.key === key && at - tap.current.at < doubleMilliseconds;
    tap.current = { isTouch: true, key: isSecond ? "" : row?.key ?? "", at };
    if (isSecond && row.kind === "message" && row.entry.kind === "text" && !isSelecting()) acts.react(row.entry);
  }

  /** On words it selects them, on what can be pressed it is two presses. */
  function onDoubleClick({ target }: MouseEvent) {
    if (tap.current.isTouch || !(target instanceof Element)) return;
    if (target.closest("[data-testid=text], a, button") !== null) return;
    const row = rowAt(target);
    if (row?.kind !== "message" || row.entry.kind !== "text") return;
    window.getSelection()?.removeAllRanges();
    acts.reply(row.entry.seq);
  }

  /** On a link Ctrl means another tab. */
  function onClick({ target, ctrlKey, metaKey, timeStamp }: MouseEvent) {
    if (!(target instanceof Element) || target.closest("a, button") !== null) return;
    if (tap.current.isTouch) return onTap(target, timeStamp);
    if (!(ctrlKey || metaKey)) return;
    const row = rowAt(target);
    if (row?.kind !== "message" || row.entry.kind !== "text") return;
    const { seq } = row.entry;
    select({ chat, seqs: [seq], anchor: seq });
  }

  /** Who copies of a message copies its marks. */
  function onCopy(event: ClipboardEvent) {
    const selected = selectedOfMessage();
    if (selected === null) return;
    event.clipboardData.setData("text/plain", selected);
    event.preventDefault();
  }

  const press = usePressMenu(ask);
  const handlers = { ...press, onPointerDown, onKeyDown, onDoubleClick, onClick, onCopy };
  return { menu, close: () => setMenu(null), handlers };
}

/** The message above or below `from`; from the thread itself the lowest one in sight. */
function neighbour(thread: HTMLElement, from: HTMLElement | null, step: 1 | -1): HTMLElement | null {
  const all = [...thread.querySelectorAll<HTMLElement>(messages)];
  if (from !== null) return all[all.indexOf(from) + step] ?? null;
  const { bottom } = thread.getBoundingClientRect();
  return all.reverse().find((message) => message.getBoundingClientRect().bottom <= bottom + 1) ?? null;
}
