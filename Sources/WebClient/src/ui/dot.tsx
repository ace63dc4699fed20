import { classes } from "./classes";
import "./dot.css";

interface DotProps {
  readonly label: string;
  readonly size?: "normal" | "small";
  /** Whether it lies on a chosen row. */
  readonly isChosen?: boolean;
}

/** A green dot at the lower corner of an avatar. */
export function Dot({ label, size = "normal", isChosen = false }: DotProps) {
  return (
    <span
      className={classes("dot", size === "small" && "dot--small", isChosen && "dot--chosen")}
      role="img"
      aria-label={label}
      data-testid="online-dot"
    />
  );
}
