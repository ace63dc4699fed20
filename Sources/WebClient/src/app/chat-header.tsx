import type { Chat } from "../model/chat";
import { Avatar } from "../ui/avatar";
import { Badge } from "../ui/badge";
import { IconButton } from "../ui/icon-button";
import { Menu } from "../ui/menu";
import "./chat-header.css";

interface ChatHeaderProps {
  readonly chat: Chat;
  readonly otherUnread: number;
  readonly onBack: () => void;
  readonly onInfo: () => void;
  readonly onInvite: () => void;
}

/** Whose thread it is; a press on it opens the info. */
export function ChatHeader({ chat, otherUnread, onBack, onInfo, onInvite }: ChatHeaderProps) {
  const isOpenToAll = chat.kind === "public" && chat.creator === null;
  return (
    <header className="chat-header">
      <div className="chat-header__back">
        <IconButton icon="back" label="Back to the chats" onPress={onBack} />
        <span className="chat-header__badge">
          <Badge count={otherUnread} />
        </span>
      </div>
      <button type="button" className="chat-header__chat" aria-label={`Info about ${chat.name}`} onClick={onInfo}>
        <Avatar id={chat.id} name={chat.name} size="medium" />
        <span className="chat-header__text">
          <span className="chat-header__title" data-testid="chat-title">
            {chat.name}
          </span>
          <span className="chat-header__status">{statusOf(chat, isOpenToAll)}</span>
        </span>
      </button>
      <Menu
        icon="more"
        label="More"
        side="right"
        items={[
          { icon: "info", text: "Info and members", onPress: onInfo },
          ...(isOpenToAll
            ? []
            : [{ icon: "addPerson" as const, text: "Invite people", onPress: onInvite }]),
        ]}
      />
    </header>
  );
}

function statusOf(chat: Chat, isOpenToAll: boolean): string {
  if (isOpenToAll) return chat.fullName;
  const members = chat.members === 1 ? "1 member" : `${chat.members} members`;
  return chat.fullName === chat.name ? members : `${chat.fullName}, ${members}`;
}
