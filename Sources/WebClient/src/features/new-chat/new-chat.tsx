import { useState } from "react";
import type { ChatKind } from "../../protocol/http-types";
import type { ChatId } from "../../protocol/ids";
import { useClient } from "../../session/context";
import { wordsFor } from "../../session/words";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { RadioRow } from "../../ui/radio-row";
import { TextField } from "../../ui/text-field";
import { text } from "../../text/text";
import "./new-chat.css";

interface NewChatProps {
  readonly onClose: () => void;
  readonly onCreated: (chat: ChatId) => void;
}

const kinds = [
  { kind: "private", title: "newChat.private", hint: "newChat.privateHint" },
  { kind: "public", title: "newChat.public", hint: "newChat.publicHint" },
  { kind: "direct", title: "newChat.direct", hint: "newChat.directHint" },
] as const;

/** Makes a chat with a short name and a full name, or opens the one with somebody. */
export function NewChat({ onClose, onCreated }: NewChatProps) {
  const client = useClient();
  const [kind, setKind] = useState<ChatKind>("private");
  const [name, setName] = useState("");
  const [fullName, setFullName] = useState("");
  const [who, setWho] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isComplete = kind === "direct" ? who.trim() !== "" : name.trim() !== "" && fullName.trim() !== "";

  async function create() {
    setBusy(true);
    setError(null);
    try {
      const chat = await (kind === "direct"
        ? client.api.openChat(who)
        : client.api.createChat(kind, name.trim(), fullName.trim()));
      client.adopt(chat);
      onCreated(chat.id);
    } catch (problem) {
      setError(wordsFor(problem));
      setBusy(false);
    }
  }

  return (
    <Dialog title={text("chats.new")} onClose={onClose}>
      <form
        className="new-chat"
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete && !isBusy) void create();
        }}
      >
        <fieldset className="radio-row__group" aria-label={text("newChat.kind")}>
          {kinds.map((item) => (
            <RadioRow
              key={item.kind}
              group="kind"
              label={text(item.title)}
              hint={text(item.hint)}
              isChosen={kind === item.kind}
              onChoose={() => {
                setKind(item.kind);
                setError(null);
              }}
            />
          ))}
        </fieldset>
        {kind === "direct" ? (
          <TextField
            key="who"
            label={text("invite.who")}
            value={who}
            onChange={setWho}
            lengthMax={40}
            error={error}
            note={text("invite.note")}
          />
        ) : (
          <>
            <TextField label={text("newChat.name")} value={name} onChange={setName} lengthMax={32} hasFocus />
            <TextField
              label={text("newChat.fullName")}
              value={fullName}
              onChange={setFullName}
              lengthMax={128}
              error={error}
              note=""
            />
          </>
        )}
        <Button look="primary" isWide isSubmit isBusy={isBusy} isDisabled={!isComplete}>
          {text(isBusy ? "button.wait" : kind === "direct" ? "newChat.open" : "newChat.create")}
        </Button>
      </form>
    </Dialog>
  );
}
