import { useState } from "react";
import { text } from "../text/text";
import { IconButton } from "./icon-button";
import { TextField } from "./text-field";

interface PasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Whether one is chosen here, or one that exists is given: password managers want to know. */
  readonly isNew: boolean;
  readonly error?: string | null;
  readonly note?: string;
}

/** A field for a password, which shows dots or, when somebody wants to see it, the characters. */
export function PasswordField({ label, value, onChange, isNew, error = null, note = "" }: PasswordFieldProps) {
  const [isShown, setShown] = useState(false);
  return (
    <TextField
      label={label}
      kind={isShown ? "text" : "password"}
      value={value}
      onChange={onChange}
      lengthMax={128}
      error={error}
      note={note}
      autoComplete={isNew ? "new-password" : "current-password"}
      end={
        <IconButton
          icon={isShown ? "spoiler" : "eye"}
          label={text(isShown ? "password.hide" : "password.show")}
          onPress={() => setShown(!isShown)}
        />
      }
    />
  );
}
