import { useState } from "react";
import type { Chat } from "../../model/chat";
import { useClient } from "../../session/context";
import { wordsFor } from "../../session/words";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/text-field";
import { text } from "../../text/text";

interface RenameChatProps {
  readonly chat: Chat;
  readonly onClose: () => void;
}

/** Other names for a chat; only its creator gets here. */
export function RenameChat({ chat, onClose }: RenameChatProps) {
  const client = useClient();
  const [name, setName] = useState(chat.name);
  const [fullName, setFullName] = useState(chat.fullName);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function rename() {
    setBusy(true);
    setError(null);
    try {
      client.adopt(await client.api.renameChat(chat.id, name.trim(), fullName.trim()));
      onClose();
    } catch (problem) {
      setError(wordsFor(problem));
      setBusy(false);
    }
  }

  return (
    <Dialog title={text("info.rename")} onClose={onClose}>
      <TextField label={text("newChat.name")} value={name} onChange={setName} lengthMax={32} hasFocus />
      <TextField
        label={text("newChat.fullName")}
        value={fullName}
        onChange={setFullName}
        lengthMax={128}
        error={error}
        note=""
      />
      <Button
        look="primary"
        isWide
        isDisabled={isBusy || name.trim() === "" || fullName.trim() === ""}
        onPress={() => void rename()}
      >
        {text("button.save")}
      </Button>
    </Dialog>
  );
}
