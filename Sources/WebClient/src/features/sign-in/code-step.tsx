import { useState } from "react";
import { countries, groupedPhone } from "../../model/countries";
import { Button } from "../../ui/button";
import { IconButton } from "../../ui/icon-button";
import { Spinner } from "../../ui/spinner";
import { TextField } from "../../ui/text-field";
import { useSecondsUntil } from "../../ui/use-seconds-until";
import { Logo } from "./logo";
import { language, text } from "../../text/text";

const codeDigits = 6;
/** Before a second code is asked for, the first has this long to come. */
const resendMilliseconds = 30_000;

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
  const [resendAt, setResendAt] = useState(() => Date.now() + resendMilliseconds);
  const left = useSecondsUntil(resendAt);

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
      <h1 className="sign-in__title sign-in__number" dir="ltr">
        {groupedPhone(phone, countries(language()))}
        <IconButton icon="pencil" label={text("signIn.changePhone")} onPress={onEdit} />
      </h1>
      <p className="sign-in__note">{text("signIn.codeNote", { n: codeDigits })}</p>
      <TextField
        label={text("signIn.code")}
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
          <Spinner label={text("button.waiting")} />
        </p>
      ) : (
        <Button
          isWide
          isDisabled={left > 0}
          onPress={() => {
            setResendAt(Date.now() + resendMilliseconds);
            onResend();
          }}
        >
          {left > 0 ? text("signIn.resendIn", { n: left }) : text("signIn.resend")}
        </Button>
      )}
    </form>
  );
}
