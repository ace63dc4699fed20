import { useState } from "react";
import { text } from "../../text/text";
import { Button } from "../../ui/button";
import { PasswordField } from "../../ui/password-field";
import { TextField } from "../../ui/text-field";
import { Logo } from "./logo";

interface PasswordStepProps {
  readonly isBusy: boolean;
  readonly error: string | null;
  readonly onSubmit: (username: string, password: string) => void;
  readonly onPhone: () => void;
  readonly onCreate: () => void;
}

/** Username and password of somebody who has an account. */
export function PasswordStep({ isBusy, error, onSubmit, onPhone, onCreate }: PasswordStepProps) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const isComplete = username !== "" && password !== "";
  return (
    <form
      className="sign-in__form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete && !isBusy) onSubmit(username, password);
      }}
    >
      <Logo />
      <h1 className="sign-in__title">{text("app.name")}</h1>
      <p className="sign-in__note">{text("signIn.usernameNote")}</p>
      <TextField
        label={text("profile.username")}
        value={username}
        onChange={(value) => setUsername(value.trim().toLowerCase().replace(/^@/, ""))}
        lengthMax={32}
        note=""
        hasFocus
        autoComplete="username"
      />
      <PasswordField
        label={text("password.label")}
        value={password}
        onChange={setPassword}
        isNew={false}
        error={error}
      />
      <Button look="primary" isWide isSubmit isBusy={isBusy} isDisabled={!isComplete}>
        {text(isBusy ? "button.wait" : "signIn.next")}
      </Button>
      <Button isWide onPress={onCreate}>
        {text("signIn.create")}
      </Button>
      <Button isWide onPress={onPhone}>
        {text("signIn.withPhone")}
      </Button>
      <p className="sign-in__hint">{text("signIn.forgotten")}</p>
    </form>
  );
}
