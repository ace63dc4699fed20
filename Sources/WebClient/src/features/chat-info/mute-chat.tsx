import type { Chat } from "../../model/chat";
import { forEver } from "../../model/mutes";
import { mute } from "../../session/mutes";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { text } from "../../text/text";

interface MuteChatProps {
  readonly chat: Chat;
  readonly onClose: () => void;
}

const hourMilliseconds = 3_600_000;

/** Asks for how long a chat shall be quiet. */
export function MuteChat({ chat, onClose }: MuteChatProps) {
  const choices = [
    { label: text("mute.hours", { n: 1 }), until: Date.now() + hourMilliseconds },
    { label: text("mute.hours", { n: 8 }), until: Date.now() + 8 * hourMilliseconds },
    { label: text("mute.forEver"), until: forEver },
  ];
  return (
    <Dialog title={text("mute.title", { name: chat.name })} onClose={onClose}>
      {choices.map(({ label, until }) => (
        <Button
          key={label}
          isWide
          onPress={() => {
            mute(chat.id, until);
            onClose();
          }}
        >
          {label}
        </Button>
      ))}
    </Dialog>
  );
}
