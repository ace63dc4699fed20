import type { ChosenAct } from "../model/chat-acts";
import { useSnapshot } from "../session/context";
import { Later } from "../ui/later";
import { extras } from "./chunks";

interface ChatDialogsProps {
  readonly chosen: ChosenAct | null;
  readonly onClose: () => void;
}

/** The dialog of whatever was chosen in a menu of a chat: in the list, in the header, in the info. */
export function ChatDialogs({ chosen, onClose }: ChatDialogsProps) {
  const { store } = useSnapshot();
  const chat = chosen === null ? undefined : store.chats[chosen.chat];
  if (chosen === null || chat === undefined) return null;
  return (
    <Later from={extras}>
      {({ DeleteChat, Invite, MuteChat, RenameChat }) => {
        switch (chosen.act) {
          case "invite":
            return <Invite chat={chat.id} onClose={onClose} />;
          case "rename":
            return <RenameChat chat={chat} onClose={onClose} />;
          case "delete":
            return <DeleteChat chat={chat} onClose={onClose} />;
          case "mute":
            return <MuteChat chat={chat} onClose={onClose} />;
        }
      }}
    </Later>
  );
}
