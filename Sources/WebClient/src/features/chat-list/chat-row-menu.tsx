import type { Chat } from "../../model/chat";
import { unread } from "../../model/chat";
import { actsOf } from "../../model/chat-acts";
import type { ChosenAct } from "../../model/chat-acts";
import { isArchived, settingsOf } from "../../model/settings";
import { useClient, useSnapshot } from "../../session/context";
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
  const { store } = useSnapshot();
  const settings = settingsOf(store, chat.id);
  const isAway = isArchived(chat, settings);
  const isOnTop = settings.pin > 0 && Object.keys(store.chats).every((id) => settingsOf(store, id).pin <= settings.pin);
  const acts = actsOf(chat);
  const act = (name: ChosenAct["act"]) => () => onAct({ act: name, chat: chat.id });
  const set = (change: Parameters<typeof client.setChat>[1]) => () => client.setChat(chat.id, change);

  function read() {
    client.read(chat.id, chat.head.n);
    if (settings.isUnread) client.setChat(chat.id, { isUnread: false });
  }

  const items: MenuItem[] = [
    {
      icon: "newTab",
      text: text("chats.newTab"),
      onPress: () => void window.open(`${location.pathname}#/${chat.id}`, "_blank", "noopener"),
    },
    unread(chat) > 0 || settings.isUnread
      ? { icon: "read", text: text("chats.markRead"), onPress: read }
      : { icon: "unread", text: text("chats.markUnread"), onPress: set({ isUnread: true }) },
  ];
  if (settings.pin > 0 && !isOnTop) items.push({ icon: "up", text: text("chats.pinTop"), onPress: set({ isPinned: true }) });
  // What is archived has its place there.
  if (settings.pin > 0) items.push({ icon: "pin", text: text("chats.unpin"), onPress: set({ isPinned: false }) });
  else if (!isAway) items.push({ icon: "pin", text: text("chats.pin"), onPress: set({ isPinned: true }) });
  items.push(
    settings.mutedUntil > Date.now()
      ? { icon: "bell", text: text("mute.end"), onPress: set({ mutedUntil: 0 }) }
      : { icon: "mute", text: text("mute.begin"), onPress: act("mute") },
    { icon: "archive", text: text(isAway ? "archive.remove" : "archive.add"), onPress: set({ isArchived: !isAway }) },
  );
  if (acts.includes("invite")) items.push({ icon: "addPerson", text: text("chat.invite"), onPress: act("invite") });
  if (acts.includes("rename")) items.push({ icon: "pencil", text: text("info.rename"), onPress: act("rename") });
  if (acts.includes("delete")) {
    items.push({ icon: "trash", text: text("info.delete"), isDanger: true, onPress: act("delete") });
  }
  return <MenuPanel label={text("chats.rowMenu", { name: chat.name })} items={items} anchor={anchor} onClose={onClose} />;
}
