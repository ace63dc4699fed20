import "./switch-row.css";

interface SwitchRowProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** Something that is on or off, as a line. */
export function SwitchRow({ label, isOn, onChange }: SwitchRowProps) {
  return (
    <label className="switch-row">
      {label}
      <input
        className="switch-row__switch"
        type="checkbox"
        role="switch"
        checked={isOn}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}
