import { useMemo, useRef, useState } from "react";
import {
  countries,
  countryOf,
  groupedPhone,
  isPlausiblePhone,
  plainPhone,
} from "../../model/countries";
import { Button } from "../../ui/button";
import { TextField } from "../../ui/text-field";
import { language, text as words } from "../../text/text";
import { CountryField } from "./country-field";
import { Logo } from "./logo";

interface PhoneStepProps {
  readonly phone: string;
  readonly isBusy: boolean;
  readonly error: string | null;
  readonly onSubmit: (phone: string) => void;
  readonly onPassword: () => void;
}

/** Country and phone number; choosing the one fills the other. */
export function PhoneStep({ phone, isBusy, error, onSubmit, onPassword }: PhoneStepProps) {
  const all = useMemo(() => countries(language()), []);
  const [text, setText] = useState(() => groupedPhone(phone === "" ? startOf(all) : phone, all));
  const [country, setCountry] = useState(() => countryOf(text, all, ""));
  const field = useRef<HTMLFormElement>(null);
  const isPlausible = isPlausiblePhone(text, all);

  function edit(value: string) {
    const international = value === "" || value.startsWith("+") ? value : `+${value}`;
    setText(groupedPhone(international, all));
    setCountry(countryOf(international, all, country));
  }

  function choose(id: string) {
    setCountry(id);
    const code = all.find((item) => item.id === id)?.code;
    if (code !== undefined) setText(`+${code} `);
    field.current?.querySelector<HTMLInputElement>("input[type=tel]")?.focus();
  }

  return (
    <form
      ref={field}
      className="sign-in__form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isPlausible && !isBusy) onSubmit(plainPhone(text));
      }}
    >
      <Logo />
      <h1 className="sign-in__title">{words("app.name")}</h1>
      <p className="sign-in__note">{words("signIn.phoneNote")}</p>
      <CountryField all={all} chosen={country} onChoose={choose} />
      <TextField
        label={words("signIn.phone")}
        kind="tel"
        value={text}
        onChange={edit}
        error={error}
        note=""
        hasFocus
        autoComplete="tel"
        lengthMax={24}
      />
      <Button look="primary" isWide isSubmit isBusy={isBusy} isDisabled={!isPlausible}>
        {words(isBusy ? "button.wait" : "signIn.next")}
      </Button>
      <Button isWide onPress={onPassword}>
        {words("signIn.withUsername")}
      </Button>
    </form>
  );
}

/** The calling code of the country that the browser's language names, if any. */
function startOf(all: ReturnType<typeof countries>): string {
  const region = navigator.language.split("-")[1];
  const code = all.find((country) => country.id === region)?.code;
  return code === undefined ? "+" : `+${code} `;
}
