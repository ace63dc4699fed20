import { forwardRef, useEffect, useImperativeHandle, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode, UIEvent } from "react";
import type { Chat } from "../../model/chat";
import { isMuted } from "../../model/mutes";
import { isMessage } from "../../model/outbox";
import type { OutboxItem } from "../../model/outbox";
import { isChatId } from "../../protocol/ids";
import type { ChatId } from "../../protocol/ids";
import { useSnapshot } from "../../session/context";
import { useDrafts } from "../../session/drafts";
import { useMutes } from "../../session/mutes";
import { waitingOf } from "../../session/snapshot";
import type { Anchor } from "../../ui/place";
import { usePressMenu } from "../../ui/use-press-menu";
import { ChatRow } from "./chat-row";
import { indexesOf, rowPixels, useListWindow } from "./use-list-window";
import "./chat-rows.css";

interface ChatRowsProps {
  readonly chats: readonly Chat[];
  readonly openChat: ChatId | null;
  /** What is said where there is no chat. */
  readonly emptyText: string;
  readonly onOpen: (chat: ChatId) => void;
  /** The menu of a chat. */
  readonly menuOf: (chat: Chat, anchor: Anchor, onClose: () => void) => ReactNode;
  /** The list is being scrolled towards its end, or back. */
  readonly onScrollDown: (isDown: boolean) => void;
}

export interface ChatRowsHandle {
  readonly focusFirst: () => void;
}

/** The chats as rows: one stop for Tab, arrows walk them, and only those in sight are in the document. */
export const ChatRows = forwardRef<ChatRowsHandle, ChatRowsProps>(function ChatRows(props, handle) {
  const { chats, openChat, emptyText, onOpen, menuOf, onScrollDown } = props;
  const { store, session, me } = useSnapshot();
  const drafts = useDrafts();
  const mutes = useMutes();
  const [wanted, setWanted] = useState<{ readonly index: number } | null>(null);
  const [menu, setMenu] = useState<{ readonly chat: ChatId; readonly at: Anchor } | null>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const lastTop = useRef(0);
  const seen = useListWindow(scroll);
  const waiting = waitingOf(session);
  const stop = wanted?.index ?? Math.max(0, chats.findIndex(({ id }) => id === openChat));
  const press = usePressMenu((target, at) => {
    const id = target.closest<HTMLElement>("[data-chat]")?.dataset["chat"] ?? "";
    if (isChatId(id)) setMenu({ chat: id, at });
    return isChatId(id);
  });
  useImperativeHandle(handle, () => ({ focusFirst: () => setWanted({ index: 0 }) }), []);

  // The height of the list is the styles' to make of the number of its rows.
  useEffect(() => list.current?.style.setProperty("--count", String(chats.length)), [chats.length]);

  // A row that was walked to takes the focus; it is in the document only after it was drawn.
  useEffect(() => {
    const element = scroll.current;
    if (wanted === null || element === null) return;
    const top = wanted.index * rowPixels;
    const most = top + rowPixels - element.clientHeight;
    element.scrollTop = Math.min(top, Math.max(most, element.scrollTop));
    element.querySelector<HTMLElement>(`[data-at="${wanted.index}"] button`)?.focus({ preventScroll: true });
  }, [wanted]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey || chats.length === 0) return;
    const last = chats.length - 1;
    const focused = document.activeElement?.closest<HTMLElement>("[data-at]")?.dataset["at"];
    const at = Number(focused ?? stop);
    const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setWanted({ index: Math.max(0, Math.min(last, next)) });
  }

  function onScroll(event: UIEvent<HTMLElement>) {
    const { scrollTop } = event.currentTarget;
    if (scrollTop !== lastTop.current) onScrollDown(scrollTop > lastTop.current && scrollTop > rowPixels);
    lastTop.current = scrollTop;
  }

  const menuChat = menu === null ? undefined : store.chats[menu.chat];
  return (
    <div className="chat-rows" ref={scroll} onScroll={onScroll} {...press}>
      <ul
        className="chat-rows__list"
        ref={list}
        data-testid="chat-list"
        onKeyDown={onKeyDown}
        onBlur={({ currentTarget, relatedTarget }) => {
          // From row to row it stays the one that was walked to, which is kept in the document.
          if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setWanted(null);
        }}
      >
        {indexesOf(seen, chats.length, wanted?.index ?? -1).map((index) => {
          const chat = chats[index];
          if (chat === undefined) return null;
          return (
            <ChatRow
              key={chat.id}
              chat={chat}
              index={index}
              count={chats.length}
              people={store.people}
              me={me?.id ?? null}
              pending={newestOf(waiting, chat.id)}
              draft={chat.id === openChat ? null : drafts[chat.id] ?? null}
              isMuted={isMuted(mutes, chat.id, Date.now())}
              isActive={chat.id === openChat}
              isStop={index === stop}
              onOpen={() => onOpen(chat.id)}
            />
          );
        })}
        {chats.length === 0 && <li className="chat-rows__empty">{emptyText}</li>}
      </ul>
      {menu !== null && menuChat !== undefined && menuOf(menuChat, menu.at, () => setMenu(null))}
    </div>
  );
});

function newestOf(outbox: readonly OutboxItem[], chat: ChatId): OutboxItem | null {
  return [...outbox].reverse().find((item) => item.chat === chat && isMessage(item)) ?? null;
}
