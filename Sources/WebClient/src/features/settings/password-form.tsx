import { useState } from "react";
import type { Me } from "../../protocol/http-types";
import { useClient } from "../../session/context";
import { wordsFor } from "../../session/words";
import { text } from "../../text/text";
import { Button } from "../../ui/button";
import { PasswordField } from "../../ui/password-field";
import { toast } from "../../ui/toast";

const passwordMin = 8;

interface PasswordFormProps {
  readonly me: Me;
}

/** Sets the password of an account, or changes it. */
export function PasswordForm({ me }: PasswordFormProps) {
  const client = useClient();
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function save() {
    setBusy(true);
    setError(null);
    try {
      await client.api.setPassword(password, old);
      toast(text(me.hasPassword ? "access.changed" : "access.isSet"));
      client.updateMe({ ...me, hasPassword: true });
      setOld("");
      setPassword("");
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
        void save();
      }}
    >
      {!me.hasPassword && <p className="access-page__note">{text("access.first")}</p>}
      {me.hasPassword && (
        <PasswordField
          label={text("access.old")}
          value={old}
          onChange={setOld}
          isNew={false}
          note={text("access.oldNote")}
        />
      )}
      <PasswordField
        label={text(me.hasPassword ? "access.new" : "password.label")}
        value={password}
        onChange={setPassword}
        isNew
        error={error}
        note={text("password.note")}
      />
      <Button look="primary" isWide isSubmit isBusy={isBusy} isDisabled={password.length < passwordMin}>
        {text(me.hasPassword ? "access.change" : "access.set")}
      </Button>
    </form>
  );
}
