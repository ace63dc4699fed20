import { useState } from "react";
import { useClient, useSnapshot } from "../../session/context";
import { wordsFor } from "../../session/words";
import { CodeStep } from "./code-step";
import { PhoneStep } from "./phone-step";
import { ProfileStep } from "./profile-step";
import "./sign-in.css";

/** The way in: phone number, code, and for new people a name. */
export function SignIn() {
  const client = useClient();
  const { stage } = useSnapshot();
  const [phone, setPhone] = useState("");
  const [isCodeSent, setCodeSent] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function attempt(action: () => Promise<void>): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await action();
    } catch (problem) {
      setError(wordsFor(problem));
    } finally {
      setBusy(false);
    }
  }

  const requestCode = (number: string) =>
    attempt(async () => {
      await client.api.requestCode(number);
      setPhone(number);
      setCodeSent(true);
    });

  function step() {
    if (stage === "profile") {
      return (
        <ProfileStep
          isBusy={isBusy}
          error={error}
          onSubmit={(name, username) =>
            void attempt(async () => client.enter(await client.api.saveMe(name, username)))
          }
        />
      );
    }
    if (!isCodeSent) {
      return (
        <PhoneStep
          phone={phone}
          isBusy={isBusy}
          error={error}
          onSubmit={(number) => void requestCode(number)}
        />
      );
    }
    return (
      <CodeStep
        phone={phone}
        isBusy={isBusy}
        error={error}
        onSubmit={(code) =>
          void attempt(async () => client.enter(await client.api.signIn(phone, code)))
        }
        onEdit={() => {
          setError(null);
          setCodeSent(false);
        }}
        onResend={() => void requestCode(phone)}
      />
    );
  }

  return <main className="sign-in">{step()}</main>;
}
