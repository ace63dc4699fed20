import type { Me } from "../../protocol/http-types";
import { PasswordForm } from "./password-form";
import { PhoneForm } from "./phone-form";
import "./access-page.css";

interface AccessPageProps {
  readonly me: Me;
}

/** The ways into my account: a phone number, and a password. */
export function AccessPage({ me }: AccessPageProps) {
  return (
    <div className="access-page">
      <PhoneForm me={me} />
      <PasswordForm me={me} />
    </div>
  );
}
