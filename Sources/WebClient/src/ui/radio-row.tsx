import "./radio-row.css";

interface RadioRowProps {
  /** The name of the choice that it belongs to. */
  readonly group: string;
  readonly label: string;
  readonly hint?: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

/** One of several choices, as a line. */
export function RadioRow({ group, label, hint, isChosen, onChoose }: RadioRowProps) {
  return (
    <label className="radio-row">
      <input className="radio-row__button" type="radio" name={group} checked={isChosen} onChange={onChoose} />
      <span>
        {label}
        {hint !== undefined && <span className="radio-row__hint">{hint}</span>}
      </span>
    </label>
  );
}
