import { useState } from "react";
import type { ChatId } from "../../protocol/ids";
import { useClient } from "../../session/context";
import { wordsFor } from "../../session/words";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/text-field";
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
  const [isBusy, setBusy] = useState(false);

  async function invite() {
    setBusy(true);
    setError(null);
    try {
      const plain = who.trim();
      const person = await client.api.invite(
        chat,
        plain.startsWith("+") ? `+${plain.replace(/\D/g, "")}` : plain.toLowerCase(),
      );
      setInvited([...invited, person.name === "" ? plain : person.name]);
      setWho("");
    } catch (problem) {
      setError(wordsFor(problem));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog title="Invite people" onClose={onClose}>
      <form
        className="invite"
        onSubmit={(event) => {
          event.preventDefault();
          if (who.trim() !== "" && !isBusy) void invite();
        }}
      >
        <TextField
          label="Username or phone number"
          value={who}
          onChange={setWho}
          lengthMax={40}
          error={error}
          note="For example @ada_lovelace or +49 151 0000 0000"
          hasFocus
        />
        {invited.length > 0 && (
          <p className="invite__done" role="status">
            Invited: {invited.join(", ")}
          </p>
        )}
        <Button look="primary" isWide isSubmit isDisabled={who.trim() === "" || isBusy}>
          {isBusy ? "Please wait…" : "Invite"}
        </Button>
        <Button isWide onPress={onClose}>
          Done
        </Button>
      </form>
    </Dialog>
  );
}
