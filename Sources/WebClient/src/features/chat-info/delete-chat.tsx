import { useState } from "react";
import type { Chat } from "../../model/chat";
import { useClient } from "../../session/context";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";

interface DeleteChatProps {
  readonly chat: Chat;
  readonly onClose: () => void;
}

/** Asks once more before a chat goes for everybody. */
export function DeleteChat({ chat, onClose }: DeleteChatProps) {
  const client = useClient();
  const [isBusy, setBusy] = useState(false);

  async function remove() {
    setBusy(true);
    try {
      await client.api.deleteChat(chat.id);
      client.drop(chat.id);
      onClose();
    } catch (error) {
      client.tell(error);
      onClose();
    }
  }

  return (
    <Dialog title="Delete this chat?" onClose={onClose}>
      <p>“{chat.name}” and all its messages go for every member. This cannot be undone.</p>
      <Button look="danger" isWide isDisabled={isBusy} onPress={() => void remove()}>
        Delete for everybody
      </Button>
      <Button isWide onPress={onClose}>
        Keep it
      </Button>
    </Dialog>
  );
}
