import { useState } from "react";
import type { Me } from "../../protocol/http-types";
import { useClient } from "../../session/context";
import { wordsFor } from "../../session/words";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { SelectField } from "../../ui/select-field";
import { TextField } from "../../ui/text-field";
import { readTheme, saveTheme } from "../../ui/theme";
import type { ThemeChoice } from "../../ui/theme";
import { Devices } from "./devices";
import "./profile.css";

interface ProfileProps {
  readonly me: Me;
  readonly onClose: () => void;
}

/** My names, the look of the app, and the devices that are signed in. */
export function Profile({ me, onClose }: ProfileProps) {
  const client = useClient();
  const [name, setName] = useState(me.name);
  const [username, setUsername] = useState(me.username ?? "");
  const [theme, setTheme] = useState<ThemeChoice>(readTheme);
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

  function choose(value: string) {
    const choice = value === "light" || value === "dark" ? value : "system";
    setTheme(choice);
    saveTheme(choice);
  }

  return (
    <Dialog title="Profile and devices" onClose={onClose}>
      <p className="profile__detail">{me.phone}</p>
      <TextField label="Name" value={name} onChange={setName} lengthMax={32} />
      <TextField
        label="Username"
        value={username}
        onChange={(value) => setUsername(value.toLowerCase().replace(/^@/, ""))}
        lengthMax={32}
        error={error}
      />
      {isChanged && (
        <Button look="primary" isWide isDisabled={isBusy} onPress={() => void save()}>
          Save
        </Button>
      )}
      <SelectField
        label="Theme"
        value={theme}
        options={[
          { value: "system", text: "As the system" },
          { value: "light", text: "Light" },
          { value: "dark", text: "Dark" },
        ]}
        onChange={choose}
      />
      <Devices />
    </Dialog>
  );
}
