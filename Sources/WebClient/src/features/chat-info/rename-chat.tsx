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

/** Other names for a chat, and what it is about; only who may change them gets here. */
export function RenameChat({ chat, onClose }: RenameChatProps) {
  const client = useClient();
  const [name, setName] = useState(chat.name);
  const [fullName, setFullName] = useState(chat.fullName);
  const [about, setAbout] = useState(chat.about);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function rename() {
    setBusy(true);
    setError(null);
    try {
      const names = { name: name.trim(), fullName: fullName.trim() };
      const isRenamed = names.name !== chat.name || names.fullName !== chat.fullName;
      const change = { ...(isRenamed ? names : {}), ...(about.trim() === chat.about ? {} : { about: about.trim() }) };
      if (Object.keys(change).length > 0) client.adopt(await client.api.changeChat(chat.id, change));
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
      />
      <TextField label={text("info.about")} value={about} onChange={setAbout} lengthMax={255} error={error} note="" />
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
