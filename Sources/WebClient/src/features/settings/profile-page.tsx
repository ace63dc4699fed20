import { useState } from "react";
import type { Me } from "../../protocol/http-types";
import { useClient } from "../../session/context";
import { wordsFor } from "../../session/words";
import { text } from "../../text/text";
import { Button } from "../../ui/button";
import { TextField } from "../../ui/text-field";
import "./profile-page.css";

interface ProfilePageProps {
  readonly me: Me;
}

/** My name and username. */
export function ProfilePage({ me }: ProfilePageProps) {
  const client = useClient();
  const [name, setName] = useState(me.name);
  const [username, setUsername] = useState(me.username ?? "");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isChanged = name.trim() !== me.name || username !== (me.username ?? "");

  async function save() {
    setBusy(true);
    setError(null);
    try {
      client.updateMe(await client.api.saveMe(name.trim(), username));
    } catch (problem) {
      setError(wordsFor(problem));
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="profile-page">
      <TextField label={text("profile.name")} value={name} onChange={setName} lengthMax={32} />
      <TextField
        label={text("profile.username")}
        value={username}
        onChange={(value) => setUsername(value.toLowerCase().replace(/^@/, ""))}
        lengthMax={32}
        error={error}
        note={text("profile.usernameNote")}
      />
      {isChanged && (
        <Button look="primary" isWide isDisabled={isBusy} onPress={() => void save()}>
          {text("button.save")}
        </Button>
      )}
    </div>
  );
}
