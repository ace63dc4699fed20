import "./spinner.css";

interface SpinnerProps {
  readonly label: string;
}

/** Something is on its way. */
export function Spinner({ label }: SpinnerProps) {
  return <span className="spinner" role="status" aria-label={label} />;
}
