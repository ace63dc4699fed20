import { useState } from "react";
import { Button } from "../../ui/button";
import { TextField } from "../../ui/text-field";
import { Logo } from "./logo";

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
      <h1 className="sign-in__title">Who are you?</h1>
      <p className="sign-in__note">Your name is shown to the people you write with.</p>
      <TextField label="Name" value={name} onChange={setName} lengthMax={32} hasFocus note="" />
      <TextField
        label="Username"
        value={username}
        onChange={(value) => setUsername(value.toLowerCase().replace(/^@/, ""))}
        lengthMax={32}
        error={error}
        note="5 to 32 letters a–z, digits or underscores. Others invite you by it."
      />
      <Button look="primary" isWide isSubmit isDisabled={!isComplete || isBusy}>
        {isBusy ? "Please wait…" : "Start messaging"}
      </Button>
    </form>
  );
}
