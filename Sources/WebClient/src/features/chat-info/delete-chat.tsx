import { useState } from "react";
import type { Chat } from "../../model/chat";
import { useClient } from "../../session/context";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { text } from "../../text/text";

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
      client.complain(error);
      onClose();
    }
  }

  return (
    <Dialog title={text("info.deleteQuestion")} onClose={onClose}>
      <p>{text("info.deleteText", { name: chat.name })}</p>
      <Button look="danger" isWide isDisabled={isBusy} onPress={() => void remove()}>
        {text("info.deleteForAll")}
      </Button>
      <Button isWide onPress={onClose}>
        {text("info.keep")}
      </Button>
    </Dialog>
  );
}
