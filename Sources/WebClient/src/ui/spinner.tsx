import "./spinner.css";

interface SpinnerProps {
  /** What is on its way; none where words beside it say so. */
  readonly label?: string;
}

/** Something is on its way. */
export function Spinner({ label }: SpinnerProps) {
  if (label === undefined) return <span className="spinner" aria-hidden="true" />;
  return <span className="spinner" role="status" aria-label={label} />;
}
