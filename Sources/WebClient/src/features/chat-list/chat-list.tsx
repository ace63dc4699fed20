import { useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import type { Chat } from "../../model/chat";
import { chatsNamed } from "../../model/store";
import type { ChatId } from "../../protocol/ids";
import { useClient, useListedChats, useSnapshot } from "../../session/context";
import { classes } from "../../ui/classes";
import { IconButton } from "../../ui/icon-button";
import { Menu } from "../../ui/menu";
import type { Anchor } from "../../ui/place";
import { saveTheme, useIsDark } from "../../ui/theme";
import { ChatRows } from "./chat-rows";
import type { ChatRowsHandle } from "./chat-rows";
import { ConnectionTitle } from "./connection-title";
import { SearchField } from "./search-field";
import { text } from "../../text/text";
import "./chat-list.css";

interface ChatListProps {
  readonly openChat: ChatId | null;
  readonly onOpen: (chat: ChatId) => void;
  readonly onNewChat: () => void;
  readonly onStarred: () => void;
  readonly onSettings: () => void;
  readonly onSignOut: () => void;
  /** The menu of a chat. */
  readonly menuOf: (chat: Chat, anchor: Anchor, onClose: () => void) => ReactNode;
  /** The messages that have the words of a search. */
  readonly messages: (words: string) => ReactNode;
}

/** The left column: menu, search and the state of the connection in its head, and every chat. */
export function ChatList(props: ChatListProps) {
  const { openChat, onOpen, onNewChat, onStarred, onSettings, onSignOut, menuOf, messages } = props;
  const client = useClient();
  const { session, retryAt, isUnreachable } = useSnapshot();
  const [filter, setFilter] = useState("");
  const [isScrolledDown, setScrolledDown] = useState(false);
  const rows = useRef<ChatRowsHandle>(null);
  const field = useRef<HTMLElement>(null);
  const isDark = useIsDark();
  const [isArchiveOpen, setArchiveOpen] = useState(false);
  const { listed, archived } = useListedChats(openChat);
  // Not with the focus alone: the button beside the field would change under a hand that walks to it.
  const isSearching = filter !== "";
  // Whoever takes out the last chat is in the list again, also when the archive comes back.
  if (isArchiveOpen && archived.length === 0) setArchiveOpen(false);
  const isInArchive = isArchiveOpen && archived.length > 0 && !isSearching;
  const all = isSearching ? [...listed, ...archived] : isInArchive ? archived : listed;
  const chats = chatsNamed(all, filter);
  const isCalm = session.phase === "live" && !session.struggling;

  function endSearch() {
    setFilter("");
    field.current?.querySelector("input")?.focus();
  }

  /** Into the archive, or out of it: the hand goes on in the other list. */
  function turn(isOpen: boolean) {
    setArchiveOpen(isOpen);
    rows.current?.focusFirst();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Escape" || !isInArchive || event.defaultPrevented) return;
    event.preventDefault();
    turn(false);
  }

  function enter(chat: ChatId) {
    setFilter("");
    onOpen(chat);
  }

  return (
    <nav className={classes("chat-list", isSearching && "chat-list--searching")} aria-label={text("chats.label")} onKeyDown={onKeyDown}>
      <h1 className="chat-list__title">{text("app.name")}</h1>
      <header className="chat-list__head" data-focus="menu" ref={field}>
        {isSearching || isInArchive ? (
          <span className="chat-list__back">
            <IconButton
              icon="back"
              label={text(isInArchive ? "archive.back" : "chats.searchClose")}
              onPress={() => (isInArchive ? turn(false) : endSearch())}
            />
          </span>
        ) : (
          <Menu
            icon="menu"
            label={text("chats.menu")}
            side="start"
            items={[
              { icon: "people", text: text("chats.new"), onPress: onNewChat },
              { icon: "star", text: text("starred.title"), onPress: onStarred },
              { icon: "gear", text: text("settings.title"), onPress: onSettings },
              isDark
                ? { icon: "sun", text: text("chats.light"), onPress: () => saveTheme("light") }
                : { icon: "moon", text: text("chats.dark"), onPress: () => saveTheme("dark") },
              { icon: "leave", text: text("chats.signOut"), isDanger: true, onPress: onSignOut },
            ]}
          />
        )}
        {isInArchive ? (
          <h2 className="chat-list__archive">{text("archive.title")}</h2>
        ) : (
          <SearchField
            value={filter}
            isCovered={!isCalm}
            onChange={setFilter}
            onDown={() => rows.current?.focusFirst()}
            onEnter={() => chats[0] !== undefined && enter(chats[0].id)}
          >
            <ConnectionTitle
              phase={session.phase}
              isUnreachable={isUnreachable}
              attempt={session.attempt}
              retryAt={retryAt}
              isStruggling={session.struggling}
              node={session.node}
              isQuiet={filter !== ""}
              onHurry={() => client.tell({ kind: "hurry" })}
            />
          </SearchField>
        )}
      </header>
      <ChatRows
        ref={rows}
        chats={chats}
        openChat={openChat}
        emptyText={text(filter.trim() === "" ? "chats.none" : "chats.noneFound")}
        onOpen={enter}
        menuOf={menuOf}
        archived={isInArchive || isSearching ? [] : archived}
        onArchive={() => turn(true)}
        onScrollDown={setScrolledDown}
      />
      {filter.trim() !== "" && messages(filter)}
      <div className={classes("chat-list__new", isScrolledDown && "chat-list__new--hidden")}>
        <IconButton icon="pencil" label={text("chats.new")} look="filled" onPress={onNewChat} />
      </div>
    </nav>
  );
}
