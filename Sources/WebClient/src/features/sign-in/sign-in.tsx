import { useState } from "react";
import { useClient, useSnapshot } from "../../session/context";
import { wordsFor } from "../../session/words";
import { entrance } from "../../text/en-sign-in";
import { addWords } from "../../text/text";
import { CodeStep } from "./code-step";
import { PasswordStep } from "./password-step";
import { PhoneStep } from "./phone-step";
import { ProfileStep } from "./profile-step";
import { SignUpStep } from "./sign-up-step";
import "./sign-in.css";

addWords(entrance);

/** What somebody shows to be let in; `new` makes an account. */
type Way = "phone" | "password" | "new";

/** The way in: phone number, code, and for new people a name; or a username and a password. */
export function SignIn() {
  const client = useClient();
  const { stage } = useSnapshot();
  const [phone, setPhone] = useState("");
  const [isCodeSent, setCodeSent] = useState(false);
  const [way, setWay] = useState<Way>("phone");
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

  function go(to: Way) {
    setError(null);
    setWay(to);
  }

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
    if (way === "new") {
      return (
        <SignUpStep
          isBusy={isBusy}
          error={error}
          onSubmit={({ username, name, password }) =>
            void attempt(async () => client.enter(await client.api.signUp(username, name, password)))
          }
          onBack={() => go("password")}
        />
      );
    }
    if (way === "password") {
      return (
        <PasswordStep
          isBusy={isBusy}
          error={error}
          onSubmit={(username, password) =>
            void attempt(async () => client.enter(await client.api.signInWithPassword(username, password)))
          }
          onPhone={() => go("phone")}
          onCreate={() => go("new")}
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
          onPassword={() => go("password")}
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
