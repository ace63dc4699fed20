import { useState } from "react";
import { text } from "../../text/text";
import { Button } from "../../ui/button";
import { PasswordField } from "../../ui/password-field";
import { TextField } from "../../ui/text-field";

const passwordMin = 8;

export interface WantedAccount {
  readonly name: string;
  readonly username: string;
  readonly password: string;
}

interface SignUpStepProps {
  readonly isBusy: boolean;
  readonly error: string | null;
  readonly onSubmit: (wanted: WantedAccount) => void;
  readonly onBack: () => void;
}

/** Name, username and password of a new account. */
export function SignUpStep({ isBusy, error, onSubmit, onBack }: SignUpStepProps) {
  const [name, setName] = useState("");
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const isComplete = name.trim() !== "" && username.length >= 5 && password.length >= passwordMin;
  return (
    <form
      className="sign-in__form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete && !isBusy) onSubmit({ name: name.trim(), username, password });
      }}
    >
      <h1 className="sign-in__title">{text("signIn.createTitle")}</h1>
      <p className="sign-in__note">{text("signIn.createNote")}</p>
      <TextField label={text("profile.name")} value={name} onChange={setName} lengthMax={32} hasFocus note="" />
      <TextField
        label={text("profile.username")}
        value={username}
        onChange={(value) => setUsername(value.trim().toLowerCase().replace(/^@/, ""))}
        lengthMax={32}
        error={error}
        note={text("profile.usernameNote")}
        autoComplete="username"
      />
      <PasswordField
        label={text("password.label")}
        value={password}
        onChange={setPassword}
        isNew
        note={text("password.note")}
      />
      <Button look="primary" isWide isSubmit isBusy={isBusy} isDisabled={!isComplete}>
        {text(isBusy ? "button.wait" : "signIn.create")}
      </Button>
      <Button isWide onPress={onBack}>
        {text("signIn.haveAccount")}
      </Button>
    </form>
  );
}
