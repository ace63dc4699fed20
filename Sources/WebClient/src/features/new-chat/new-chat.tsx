import { useState } from "react";
import type { ChatKind } from "../../protocol/http-types";
import type { ChatId } from "../../protocol/ids";
import { useClient } from "../../session/context";
import { wordsFor } from "../../session/words";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/text-field";
import "./new-chat.css";

interface NewChatProps {
  readonly onClose: () => void;
  readonly onCreated: (chat: ChatId) => void;
}

const kinds = [
  { kind: "private", title: "Private chat", hint: "For the people that you invite." },
  { kind: "public", title: "Public room", hint: "Its name is unique, as usernames are." },
] as const;

/** Makes a chat with a short name and a full name. */
export function NewChat({ onClose, onCreated }: NewChatProps) {
  const client = useClient();
  const [kind, setKind] = useState<ChatKind>("private");
  const [name, setName] = useState("");
  const [fullName, setFullName] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isComplete = name.trim() !== "" && fullName.trim() !== "";

  async function create() {
    setBusy(true);
    setError(null);
    try {
      const chat = await client.api.createChat(kind, name.trim(), fullName.trim());
      client.adopt(chat);
      onCreated(chat.id);
    } catch (problem) {
      setError(wordsFor(problem));
      setBusy(false);
    }
  }

  return (
    <Dialog title="New chat" onClose={onClose}>
      <form
        className="new-chat"
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete && !isBusy) void create();
        }}
      >
        <fieldset className="new-chat__kinds">
          {kinds.map((item) => (
            <label className="new-chat__kind" key={item.kind}>
              <input
                type="radio"
                name="kind"
                checked={kind === item.kind}
                onChange={() => setKind(item.kind)}
              />
              <span>
                {item.title}
                <span className="new-chat__hint">{item.hint}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <TextField label="Short name" value={name} onChange={setName} lengthMax={32} hasFocus />
        <TextField
          label="Full name"
          value={fullName}
          onChange={setFullName}
          lengthMax={128}
          error={error}
          note=""
        />
        <Button look="primary" isWide isSubmit isDisabled={!isComplete || isBusy}>
          {isBusy ? "Please wait…" : "Create"}
        </Button>
      </form>
    </Dialog>
  );
}
