import { useState } from "react";
import type { OutboxItem } from "../../model/outbox";
import { orderedChats } from "../../model/store";
import type { ChatId } from "../../protocol/ids";
import { useClient, useSnapshot } from "../../session/context";
import { waitingOf } from "../../session/snapshot";
import { Icon } from "../../ui/icon";
import { IconButton } from "../../ui/icon-button";
import { Menu } from "../../ui/menu";
import { saveTheme, useIsDark } from "../../ui/theme";
import { ChatRow } from "./chat-row";
import { ConnectionTitle } from "./connection-title";
import "./chat-list.css";

interface ChatListProps {
  readonly openChat: ChatId | null;
  readonly onOpen: (chat: ChatId) => void;
  readonly onNewChat: () => void;
  readonly onProfile: () => void;
  readonly onSignOut: () => void;
}

/** The left column: the state of the connection, a filter, and every chat. */
export function ChatList({ openChat, onOpen, onNewChat, onProfile, onSignOut }: ChatListProps) {
  const client = useClient();
  const { store, session, me } = useSnapshot();
  const [filter, setFilter] = useState("");
  const isDark = useIsDark();
  const waiting = waitingOf(session);
  const wanted = filter.trim().toLowerCase();
  const all = orderedChats(store);
  const chats = all.filter((chat) =>
    `${chat.name} ${chat.fullName}`.toLowerCase().includes(wanted),
  );
  return (
    <nav className="chat-list" aria-label="Chats">
      <header className="chat-list__head">
        <Menu
          icon="menu"
          label="Menu"
          side="left"
          items={[
            { icon: "person", text: "Profile and devices", onPress: onProfile },
            { icon: "people", text: "New chat", onPress: onNewChat },
            isDark
              ? { icon: "sun", text: "Light theme", onPress: () => saveTheme("light") }
              : { icon: "moon", text: "Dark theme", onPress: () => saveTheme("dark") },
            { icon: "leave", text: "Sign out", isDanger: true, onPress: onSignOut },
          ]}
        />
        <ConnectionTitle
          phase={session.phase}
          attempt={session.attempt}
          isStruggling={session.struggling}
          node={session.node}
          onHurry={() => client.hurry()}
        />
      </header>
      <div className="chat-list__search">
        <Icon name="search" />
        <input
          className="chat-list__field"
          type="search"
          placeholder="Search"
          aria-label="Search chats"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") setFilter("");
          }}
        />
      </div>
      <ul className="chat-list__rows" data-testid="chat-list">
        {chats.map((chat) => (
          <ChatRow
            key={chat.id}
            chat={chat}
            people={store.people}
            me={me?.id ?? null}
            pending={newestOf(waiting, chat.id)}
            isActive={chat.id === openChat}
            onOpen={() => onOpen(chat.id)}
          />
        ))}
        {chats.length === 0 && (
          <li className="chat-list__empty">
            {all.length === 0 ? "Your chats will appear here." : "No chat has this name."}
          </li>
        )}
      </ul>
      <div className="chat-list__new">
        <IconButton icon="pencil" label="New chat" isFilled onPress={onNewChat} />
      </div>
    </nav>
  );
}

function newestOf(outbox: readonly OutboxItem[], chat: ChatId): OutboxItem | null {
  return [...outbox].reverse().find((item) => item.chat === chat) ?? null;
}
