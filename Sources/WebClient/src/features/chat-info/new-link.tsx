import { useState } from "react";
import type { ChatId } from "../../protocol/ids";
import type { InviteLink } from "../../protocol/link-types";
import { useClient } from "../../session/context";
import { makeLink } from "../../session/link-api";
import { wordsFor } from "../../session/words";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { RadioRow } from "../../ui/radio-row";
import { TextField } from "../../ui/text-field";
import { text } from "../../text/text";
import "./new-link.css";

interface NewLinkProps {
  readonly chat: ChatId;
  readonly onClose: () => void;
  readonly onMade: (link: InviteLink) => void;
}

const hour = 3_600_000;
const ages = [
  { label: "links.hour", milliseconds: hour },
  { label: "links.day", milliseconds: 24 * hour },
  { label: "links.week", milliseconds: 7 * 24 * hour },
  { label: "links.never", milliseconds: null },
] as const;
const limits = [1, 10, 100, null] as const;

/** Asks what a new invite link is to be like, and makes it. */
export function NewLink({ chat, onClose, onMade }: NewLinkProps) {
  const client = useClient();
  const [name, setName] = useState("");
  const [age, setAge] = useState<number | null>(null);
  const [uses, setUses] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function make() {
    setBusy(true);
    setError(null);
    try {
      const terms = {
        name: name.trim(),
        ...(age === null ? {} : { expires: Date.now() + age }),
        ...(uses === null ? {} : { uses }),
      };
      onMade(await makeLink(client.api.http, chat, terms));
      onClose();
    } catch (problem) {
      setError(wordsFor(problem));
      setBusy(false);
    }
  }

  return (
    <Dialog title={text("links.new")} onClose={onClose}>
      <form
        className="new-link"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void make();
        }}
      >
        <TextField label={text("links.name")} value={name} onChange={setName} lengthMax={32} error={error} note={text("links.nameNote")} />
        <fieldset className="radio-row__group" aria-label={text("links.expires")}>
          <legend className="new-link__legend">{text("links.expires")}</legend>
          {ages.map(({ label, milliseconds }) => (
            <RadioRow
              key={label}
              group="age"
              label={text(label)}
              isChosen={age === milliseconds}
              onChoose={() => setAge(milliseconds)}
            />
          ))}
        </fieldset>
        <fieldset className="radio-row__group" aria-label={text("links.limit")}>
          <legend className="new-link__legend">{text("links.limit")}</legend>
          {limits.map((limit) => (
            <RadioRow
              key={limit ?? 0}
              group="uses"
              label={limit === null ? text("links.noLimit") : text("links.people", { n: limit })}
              isChosen={uses === limit}
              onChoose={() => setUses(limit)}
            />
          ))}
        </fieldset>
        <Button look="primary" isWide isSubmit isBusy={isBusy}>
          {text(isBusy ? "button.wait" : "links.make")}
        </Button>
      </form>
    </Dialog>
  );
}
