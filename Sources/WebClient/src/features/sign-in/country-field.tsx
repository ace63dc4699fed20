import { useId, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import { countriesNamed, flagOf } from "../../model/countries";
import type { Country } from "../../model/countries";
import { text } from "../../text/text";
import { classes } from "../../ui/classes";
import "../../ui/text-field.css";
import "./country-field.css";

interface CountryFieldProps {
  readonly all: readonly Country[];
  /** The id of the country that is chosen, or "". */
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** A field that finds a country by a part of its name or its code; arrows walk the list, Enter chooses. */
export function CountryField({ all, chosen, onChoose }: CountryFieldProps) {
  const [wanted, setWanted] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  const country = all.find((item) => item.id === chosen);
  const isOpen = wanted !== null;
  const found = countriesNamed(all, wanted ?? "");
  const current = found[Math.min(at, found.length - 1)];

  function open() {
    if (isOpen) return;
    setWanted("");
    setAt(Math.max(0, all.findIndex((item) => item.id === chosen)));
    // The chosen one comes into sight with the list.
    requestAnimationFrame(() => list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }));
  }

  function choose(item: Country) {
    setWanted(null);
    onChoose(item.id);
  }

  function walk(to: number) {
    if (found.length === 0) return;
    const next = (to + found.length) % found.length;
    setAt(next);
    list.current?.children[next]?.scrollIntoView({ block: "nearest" });
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      if (isOpen) walk(at + step);
      else open();
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      if (current !== undefined) choose(current);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      setWanted(null);
    }
  }

  const shown = wanted ?? (country === undefined ? "" : `${flagOf(country.id)} ${country.name}`);
  return (
    <div className="text-field country-field">
      <input
        id={id}
        className="text-field__input"
        type="text"
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && current !== undefined ? `${id}-${current.id}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder=" "
        value={shown}
        onClick={open}
        onChange={(event) => {
          setWanted(isOpen ? event.currentTarget.value : event.currentTarget.value.slice(shown.length));
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setWanted(null)}
      />
      <label className="text-field__label" htmlFor={id}>
        {text("signIn.country")}
      </label>
      <ul
        ref={list}
        id={`${id}-list`}
        className={classes("country-field__list", !isOpen && "country-field__list--closed")}
        role="listbox"
        aria-label={text("signIn.country")}
        onMouseDown={(event) => event.preventDefault()}
      >
        {isOpen &&
          found.map((item) => (
            <li
              key={item.id}
              id={`${id}-${item.id}`}
              role="option"
              aria-selected={item === current}
              className={classes("country-field__country", item === current && "country-field__country--at")}
              onClick={() => choose(item)}
            >
              <span className="country-field__flag" aria-hidden="true">
                {flagOf(item.id)}
              </span>
              <span className="country-field__name">{item.name}</span>
              <span className="country-field__code" dir="ltr">
                +{item.code}
              </span>
            </li>
          ))}
        {isOpen && found.length === 0 && <li className="country-field__none">{text("signIn.noCountry")}</li>}
      </ul>
    </div>
  );
}
