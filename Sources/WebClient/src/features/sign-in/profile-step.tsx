import { useState } from "react";
import { Button } from "../../ui/button";
import { TextField } from "../../ui/text-field";
import { Logo } from "./logo";
import { text } from "../../text/text";

interface ProfileStepProps {
  readonly isBusy: boolean;
  readonly error: string | null;
  readonly onSubmit: (name: string, username: string) => void;
}

/** Who a new person is to the others. */
export function ProfileStep({ isBusy, error, onSubmit }: ProfileStepProps) {
  const [name, setName] = useState("");
  const [username, setUsername] = useState("");
  const isComplete = name.trim() !== "" && username.length >= 5;
  return (
    <form
      className="sign-in__form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete && !isBusy) onSubmit(name.trim(), username);
      }}
    >
      <Logo />
      <h1 className="sign-in__title">{text("signIn.who")}</h1>
      <p className="sign-in__note">{text("signIn.whoNote")}</p>
      <TextField label={text("profile.name")} value={name} onChange={setName} lengthMax={32} hasFocus note="" />
      <TextField
        label={text("profile.username")}
        value={username}
        onChange={(value) => setUsername(value.toLowerCase().replace(/^@/, ""))}
        lengthMax={32}
        error={error}
        note={text("profile.usernameNote")}
      />
      <Button look="primary" isWide isSubmit isBusy={isBusy} isDisabled={!isComplete}>
        {text(isBusy ? "button.wait" : "signIn.start")}
      </Button>
    </form>
  );
}
