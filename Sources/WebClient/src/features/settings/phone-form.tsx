import { useState } from "react";
import { countries, groupedPhone, isPlausiblePhone, plainPhone } from "../../model/countries";
import type { Me } from "../../protocol/http-types";
import { useClient } from "../../session/context";
import { wordsFor } from "../../session/words";
import { language, text } from "../../text/text";
import { Button } from "../../ui/button";
import { PasswordField } from "../../ui/password-field";
import { TextField } from "../../ui/text-field";
import { toast } from "../../ui/toast";

interface PhoneFormProps {
  readonly me: Me;
}

/** My phone number; an account without one gets it by a code that is sent there. */
export function PhoneForm({ me }: PhoneFormProps) {
  const client = useClient();
  const all = countries(language());
  const [phone, setPhone] = useState("+");
  const [code, setCode] = useState<string | null>(null);
  const [password, setPassword] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  if (me.phone !== "") {
    return (
      <p className="access-page__phone" dir="ltr">
        {groupedPhone(me.phone, all)}
      </p>
    );
  }

  async function goOn() {
    setBusy(true);
    setError(null);
    try {
      if (code === null) {
        await client.api.requestCode(plainPhone(phone));
        setCode("");
      } else {
        client.updateMe(await client.api.setPhone(plainPhone(phone), code, password));
        toast(text("access.phoneAdded"));
      }
    } catch (problem) {
      setError(wordsFor(problem));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className="access-page__form"
      onSubmit={(event) => {
        event.preventDefault();
        void goOn();
      }}
    >
      {code === null ? (
        <TextField
          label={text("access.phone")}
          kind="tel"
          value={phone}
          onChange={(value) => setPhone(groupedPhone(value.startsWith("+") ? value : `+${value}`, all))}
          error={error}
          note={text("access.phoneNote")}
          autoComplete="tel"
          lengthMax={24}
        />
      ) : (
        <>
          <TextField
            label={text("signIn.code")}
            kind="code"
            value={code}
            onChange={(value) => setCode(value.replace(/\D/g, "").slice(0, 6))}
            error={error}
            note=""
            hasFocus
            autoComplete="one-time-code"
          />
          {me.hasPassword && (
            <PasswordField label={text("password.label")} value={password} onChange={setPassword} isNew={false} />
          )}
        </>
      )}
      <Button
        isWide
        isSubmit
        isBusy={isBusy}
        isDisabled={code === null ? !isPlausiblePhone(phone, all) : code.length < 6 || (me.hasPassword && password === "")}
      >
        {text(code === null ? "access.send" : "button.save")}
      </Button>
    </form>
  );
}
