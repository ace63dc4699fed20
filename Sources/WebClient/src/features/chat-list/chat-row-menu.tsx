import type { Chat } from "../../model/chat";
import { unread } from "../../model/chat";
import { actsOf } from "../../model/chat-acts";
import type { ChosenAct } from "../../model/chat-acts";
import { isMuted } from "../../model/mutes";
import { useClient } from "../../session/context";
import { mute, useMutes } from "../../session/mutes";
import { text } from "../../text/text";
import { MenuPanel } from "../../ui/menu-panel";
import type { MenuItem } from "../../ui/menu-panel";
import type { Anchor } from "../../ui/place";

interface ChatRowMenuProps {
  readonly chat: Chat;
  readonly anchor: Anchor;
  readonly onAct: (chosen: ChosenAct) => void;
  readonly onClose: () => void;
}

/** What can be done with a chat from its row. */
export function ChatRowMenu({ chat, anchor, onAct, onClose }: ChatRowMenuProps) {
  const client = useClient();
  const mutes = useMutes();
  const acts = actsOf(chat);
  const act = (name: ChosenAct["act"]) => () => onAct({ act: name, chat: chat.id });
  const items: MenuItem[] = [
    {
      icon: "newTab",
      text: text("chats.newTab"),
      onPress: () => void window.open(`${location.pathname}#/${chat.id}`, "_blank", "noopener"),
    },
  ];
  if (unread(chat) > 0) {
    items.push({ icon: "read", text: text("chats.markRead"), onPress: () => client.read(chat.id, chat.head.n) });
  }
  if (acts.includes("invite")) items.push({ icon: "addPerson", text: text("chat.invite"), onPress: act("invite") });
  if (acts.includes("rename")) items.push({ icon: "pencil", text: text("info.rename"), onPress: act("rename") });
  items.push(
    isMuted(mutes, chat.id, Date.now())
      ? { icon: "bell", text: text("mute.end"), onPress: () => mute(chat.id, 0) }
      : { icon: "mute", text: text("mute.begin"), onPress: act("mute") },
  );
  if (acts.includes("delete")) {
    items.push({ icon: "trash", text: text("info.delete"), isDanger: true, onPress: act("delete") });
  }
  return <MenuPanel label={text("chats.rowMenu", { name: chat.name })} items={items} anchor={anchor} onClose={onClose} />;
}
