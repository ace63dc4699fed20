import { useMemo, useState } from "react";
import {
  countries,
  countryOf,
  groupedPhone,
  isPlausiblePhone,
  plainPhone,
} from "../../model/countries";
import { Button } from "../../ui/button";
import { SelectField } from "../../ui/select-field";
import { TextField } from "../../ui/text-field";
import { Logo } from "./logo";

interface PhoneStepProps {
  readonly phone: string;
  readonly isBusy: boolean;
  readonly error: string | null;
  readonly onSubmit: (phone: string) => void;
}

/** Country and phone number; choosing the one fills the other. */
export function PhoneStep({ phone, isBusy, error, onSubmit }: PhoneStepProps) {
  const all = useMemo(() => countries(navigator.language), []);
  const [text, setText] = useState(() => groupedPhone(phone === "" ? startOf(all) : phone, all));
  const [country, setCountry] = useState(() => countryOf(text, all, ""));
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
  }

  return (
    <form
      className="sign-in__form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isPlausible && !isBusy) onSubmit(plainPhone(text));
      }}
    >
      <Logo />
      <h1 className="sign-in__title">Chaticket</h1>
      <p className="sign-in__note">Choose your country and enter your phone number.</p>
      <SelectField
        label="Country"
        value={country}
        options={[
          { value: "", text: "—" },
          ...all.map(({ id, name, code }) => ({ value: id, text: `${name}  +${code}` })),
        ]}
        onChange={choose}
      />
      <TextField
        label="Phone number"
        kind="tel"
        value={text}
        onChange={edit}
        error={error}
        note=""
        hasFocus
        autoComplete="tel"
        lengthMax={24}
      />
      <Button look="primary" isWide isSubmit isDisabled={!isPlausible || isBusy}>
        {isBusy ? "Please wait…" : "Next"}
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
