import type { Chat } from "../../model/chat";
import { forEver } from "../../model/settings";
import { useClient } from "../../session/context";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { text } from "../../text/text";

interface MuteChatProps {
  readonly chat: Chat;
  readonly onClose: () => void;
}

const hourMilliseconds = 3_600_000;
const dayMilliseconds = 24 * hourMilliseconds;

/** Asks for how long a chat shall be quiet. */
export function MuteChat({ chat, onClose }: MuteChatProps) {
  const client = useClient();
  const choices = [
    { label: text("mute.hours", { n: 1 }), until: Date.now() + hourMilliseconds },
    { label: text("mute.hours", { n: 8 }), until: Date.now() + 8 * hourMilliseconds },
    { label: text("mute.days", { n: 2 }), until: Date.now() + 2 * dayMilliseconds },
    { label: text("mute.forEver"), until: forEver },
  ];
  return (
    <Dialog title={text("mute.title", { name: chat.name })} onClose={onClose}>
      {choices.map(({ label, until }) => (
        <Button
          key={label}
          isWide
          onPress={() => {
            client.setChat(chat.id, { mutedUntil: until });
            onClose();
          }}
        >
          {label}
        </Button>
      ))}
    </Dialog>
  );
}
