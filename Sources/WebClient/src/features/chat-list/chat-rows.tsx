import { forwardRef, useEffect, useImperativeHandle, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode, UIEvent } from "react";
import type { Chat } from "../../model/chat";
import { isMessage } from "../../model/outbox";
import type { OutboxItem } from "../../model/outbox";
import { settingsOf } from "../../model/settings";
import { isChatId } from "../../protocol/ids";
import type { ChatId } from "../../protocol/ids";
import { useSnapshot } from "../../session/context";
import { useDrafts } from "../../session/drafts";
import { waitingOf } from "../../session/snapshot";
import type { Anchor } from "../../ui/place";
import { usePressMenu } from "../../ui/use-press-menu";
import { ArchiveRow } from "./archive-row";
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
  /** Chats behind a row of their own, on top of the others. */
  readonly archived: readonly Chat[];
  readonly onArchive: () => void;
  /** The list is being scrolled towards its end, or back. */
  readonly onScrollDown: (isDown: boolean) => void;
}

export interface ChatRowsHandle {
  readonly focusFirst: () => void;
}

/** The chats as rows: one stop for Tab, arrows walk them, and only those in sight are in the document. */
export const ChatRows = forwardRef<ChatRowsHandle, ChatRowsProps>(function ChatRows(props, handle) {
  const { chats, openChat, emptyText, onOpen, menuOf, archived, onArchive, onScrollDown } = props;
  const { store, session, me } = useSnapshot();
  const drafts = useDrafts();
  const above = archived.length > 0 ? 1 : 0;
  const count = chats.length + above;
  const [wanted, setWanted] = useState<{ readonly index: number } | null>(null);
  const [menu, setMenu] = useState<{ readonly chat: ChatId; readonly at: Anchor } | null>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const lastTop = useRef(0);
  const seen = useListWindow(scroll);
  const waiting = waitingOf(session);
  const stop = wanted?.index ?? Math.max(0, above + chats.findIndex(({ id }) => id === openChat));
  const press = usePressMenu((target, at) => {
    const id = target.closest<HTMLElement>("[data-chat]")?.dataset["chat"] ?? "";
    if (isChatId(id)) setMenu({ chat: id, at });
    return isChatId(id);
  });
  useImperativeHandle(handle, () => ({ focusFirst: () => setWanted({ index: 0 }) }), []);

  // The height of the list is the styles' to make of the number of its rows.
  useEffect(() => list.current?.style.setProperty("--count", String(count)), [count]);

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
    if (event.altKey || event.ctrlKey || event.metaKey || count === 0) return;
    const last = count - 1;
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
        {indexesOf(seen, count, wanted?.index ?? -1).map((index) => {
          if (index < above) {
            return <ArchiveRow key="archive" chats={archived} count={count} isStop={stop === 0} onOpen={onArchive} />;
          }
          const chat = chats[index - above];
          if (chat === undefined) return null;
          return (
            <ChatRow
              key={chat.id}
              chat={chat}
              index={index}
              count={count}
              people={store.people}
              me={me?.id ?? null}
              pending={newestOf(waiting, chat.id)}
              draft={chat.id === openChat ? null : drafts[chat.id] ?? null}
              settings={settingsOf(store, chat.id)}
              isActive={chat.id === openChat}
              isStop={index === stop}
              onOpen={() => onOpen(chat.id)}
            />
          );
        })}
        {count === 0 && <li className="chat-rows__empty">{emptyText}</li>}
      </ul>
      {menu !== null && menuChat !== undefined && menuOf(menuChat, menu.at, () => setMenu(null))}
    </div>
  );
});

function newestOf(outbox: readonly OutboxItem[], chat: ChatId): OutboxItem | null {
  return [...outbox].reverse().find((item) => item.chat === chat && isMessage(item)) ?? null;
}
