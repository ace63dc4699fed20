import { useState } from "react";
import type { ChatId } from "../../protocol/ids";
import { useClient } from "../../session/context";
import { wordsFor } from "../../session/words";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/text-field";
import { text } from "../../text/text";
import "./invite.css";

interface InviteProps {
  readonly chat: ChatId;
  readonly onClose: () => void;
}

/** Invites people one after another, by username or phone number. */
export function Invite({ chat, onClose }: InviteProps) {
  const client = useClient();
  const [who, setWho] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [invited, setInvited] = useState<readonly string[]>([]);
  const [awaited, setAwaited] = useState<readonly string[]>([]);
  const [isBusy, setBusy] = useState(false);

  async function invite() {
    setBusy(true);
    setError(null);
    try {
      const plain = who.trim();
      const person = await client.api.invite(chat, plain);
      if (person === null) setAwaited([...awaited, plain]);
      else setInvited([...invited, person.name === "" ? plain : person.name]);
      setWho("");
    } catch (problem) {
      setError(wordsFor(problem));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog title={text("chat.invite")} onClose={onClose}>
      <form
        className="invite"
        onSubmit={(event) => {
          event.preventDefault();
          if (who.trim() !== "" && !isBusy) void invite();
        }}
      >
        <TextField
          label={text("invite.who")}
          value={who}
          onChange={setWho}
          lengthMax={40}
          error={error}
          note={text("invite.note")}
          hasFocus
        />
        {invited.length > 0 && (
          <p className="invite__done" role="status">
            {text("invite.invited", { names: invited.join(", ") })}
          </p>
        )}
        {awaited.length > 0 && (
          <p className="invite__done" role="status">
            {text("invite.awaited", { phones: awaited.join(", ") })}
          </p>
        )}
        <Button look="primary" isWide isSubmit isBusy={isBusy} isDisabled={who.trim() === ""}>
          {text(isBusy ? "button.wait" : "invite.invite")}
        </Button>
        <Button isWide onPress={onClose}>
          {text("button.done")}
        </Button>
      </form>
    </Dialog>
  );
}
