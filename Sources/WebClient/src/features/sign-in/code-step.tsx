import { useState } from "react";
import { Button } from "../../ui/button";
import { IconButton } from "../../ui/icon-button";
import { Spinner } from "../../ui/spinner";
import { TextField } from "../../ui/text-field";
import { Logo } from "./logo";

const codeDigits = 6;

interface CodeStepProps {
  readonly phone: string;
  readonly isBusy: boolean;
  readonly error: string | null;
  readonly onSubmit: (code: string) => void;
  readonly onEdit: () => void;
  readonly onResend: () => void;
}

/** The code that went to the phone; the last digit submits it. */
export function CodeStep({ phone, isBusy, error, onSubmit, onEdit, onResend }: CodeStepProps) {
  const [code, setCode] = useState("");

  function edit(value: string) {
    const digits = value.replace(/\D/g, "").slice(0, codeDigits);
    setCode(digits);
    if (digits.length === codeDigits && digits !== code && !isBusy) onSubmit(digits);
  }

  return (
    <form
      className="sign-in__form"
      onSubmit={(event) => {
        event.preventDefault();
        if (code.length === codeDigits && !isBusy) onSubmit(code);
      }}
    >
      <Logo />
      <h1 className="sign-in__title sign-in__number">
        {phone}
        <IconButton icon="pencil" label="Change the phone number" onPress={onEdit} />
      </h1>
      <p className="sign-in__note">We sent a code of {codeDigits} digits to this number.</p>
      <TextField
        label="Code"
        kind="code"
        value={code}
        onChange={edit}
        error={error}
        note=""
        hasFocus
        autoComplete="one-time-code"
      />
      {isBusy ? (
        <p className="sign-in__note">
          <Spinner label="Please wait" />
        </p>
      ) : (
        <Button isWide onPress={onResend}>
          Send the code again
        </Button>
      )}
    </form>
  );
}
