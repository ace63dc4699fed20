import { useState } from "react";
import type { WhoMayKnow } from "../../protocol/frames";
import type { Me } from "../../protocol/http-types";
import { useClient } from "../../session/context";
import { text } from "../../text/text";
import { RadioRow } from "../../ui/radio-row";
import "./privacy-page.css";

interface PrivacyPageProps {
  readonly me: Me;
}

const choices = { everybody: "privacy.everybody", nobody: "privacy.nobody" } as const;

/** Who may know what of me; the account's, on all its devices. */
export function PrivacyPage({ me }: PrivacyPageProps) {
  const client = useClient();
  const [wish, setWish] = useState<WhoMayKnow | null>(null);

  async function choose(lastSeen: WhoMayKnow) {
    setWish(lastSeen);
    try {
      client.updateMe(await client.api.savePrivacy(lastSeen));
    } catch (error) {
      client.complain(error);
    }
    setWish(null);
  }

  return (
    <>
      <h2 className="privacy-page__heading">{text("privacy.lastSeen")}</h2>
      <fieldset className="radio-row__group" aria-label={text("privacy.lastSeen")}>
        {(["everybody", "nobody"] as const).map((who) => (
          <RadioRow
            key={who}
            group="lastSeen"
            label={text(choices[who])}
            isChosen={(wish ?? me.lastSeen) === who}
            onChoose={() => void choose(who)}
          />
        ))}
      </fieldset>
      <p className="privacy-page__note">{text("privacy.note")}</p>
    </>
  );
}
