import { useId } from "react";
import "./text-field.css";
import "./select-field.css";

export interface Option {
  readonly value: string;
  readonly text: string;
}

interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
}

/** A native list of choices in the look of a text field. */
export function SelectField({ label, value, options, onChange }: SelectFieldProps) {
  const id = useId();
  return (
    <div className="select-field">
      <select
        id={id}
        className="text-field__input"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      <label className="text-field__label" htmlFor={id}>
        {label}
      </label>
    </div>
  );
}
