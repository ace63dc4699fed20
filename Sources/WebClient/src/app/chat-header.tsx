import type { ReactNode } from "react";
import type { Chat } from "../model/chat";
import { actsOf } from "../model/chat-acts";
import type { ChosenAct } from "../model/chat-acts";
import { isMuted } from "../model/mutes";
import { titleOf } from "../model/words";
import { useClient } from "../session/context";
import { useMutes } from "../session/mutes";
import { Avatar } from "../ui/avatar";
import { Badge } from "../ui/badge";
import { IconButton } from "../ui/icon-button";
import { Later } from "../ui/later";
import { Menu } from "../ui/menu";
import type { MenuItem } from "../ui/menu-panel";
import { text } from "../text/text";
import { extras } from "./chunks";
import "./chat-header.css";

interface ChatHeaderProps {
  readonly chat: Chat;
  readonly otherUnread: number;
  readonly onBack: () => void;
  readonly onInfo: () => void;
  readonly onSearch: () => void;
  readonly onAct: (chosen: ChosenAct) => void;
  /** What is pinned in it. */
  readonly pinned: ReactNode;
}

/** Whose thread it is; a press on it opens the info. */
export function ChatHeader({ chat, otherUnread, onBack, onInfo, onSearch, onAct, pinned }: ChatHeaderProps) {
  const client = useClient();
  const mutes = useMutes();
  const name = titleOf(chat);
  const acts = actsOf(chat);
  const status = statusOf(chat);
  const act = (name: ChosenAct["act"]) => () => onAct({ act: name, chat: chat.id });
  const items: MenuItem[] = [
    { icon: "info", text: text("chat.infoMenu"), onPress: onInfo },
    { icon: "search", text: text("search.open"), onPress: onSearch },
  ];
  if (acts.includes("invite")) items.push({ icon: "addPerson", text: text("chat.invite"), onPress: act("invite") });
  if (acts.includes("rename")) items.push({ icon: "pencil", text: text("info.rename"), onPress: act("rename") });
  items.push(
    isMuted(mutes, chat.id, Date.now())
      ? { icon: "bell", text: text("mute.end"), onPress: () => client.setChat(chat.id, { mutedUntil: 0 }) }
      : { icon: "mute", text: text("mute.begin"), onPress: act("mute") },
  );
  if (acts.includes("delete")) {
    items.push({ icon: "trash", text: text("info.delete"), isDanger: true, onPress: act("delete") });
  }
  return (
    <header className="chat-header">
      <div className="chat-header__back">
        <IconButton icon="back" label={text("chat.back")} onPress={onBack} />
        <span className="chat-header__badge">
          <Badge count={otherUnread} size="small" />
        </span>
      </div>
      <button
        type="button"
        className="chat-header__chat"
        data-focus="header"
        aria-label={text("chat.infoAbout", { name })}
        onClick={onInfo}
      >
        <Avatar id={chat.id} name={name} size="medium" />
        <span className="chat-header__text">
          <span className="chat-header__title" data-testid="chat-title" dir="auto">
            {name}
          </span>
          <span className="chat-header__status" dir="auto">
            <Later from={extras} until={status}>
              {({ ChatStatus }) => <ChatStatus key={chat.id} chat={chat} otherwise={status} />}
            </Later>
          </span>
        </span>
      </button>
      {pinned}
      <Menu icon="more" label={text("button.more")} side="end" items={items} />
    </header>
  );
}

function statusOf(chat: Chat): string {
  if (chat.creator === null) return chat.fullName;
  const members = text("chat.members", { n: chat.members });
  return chat.fullName === chat.name ? members : text("chat.nameAndMembers", { name: chat.fullName, members });
}
