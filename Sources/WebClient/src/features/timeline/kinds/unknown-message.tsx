import { classes } from "../../../ui/classes";
import { text } from "../../../text/text";
import "./unknown-message.css";

interface UnknownMessageProps {
  readonly isOut: boolean;
}

/** A message of a kind that a newer version writes. */
export function UnknownMessage({ isOut }: UnknownMessageProps) {
  return (
    <span className={classes("unknown-message", isOut && "unknown-message--out")}>
      {text("entry.unknown")}
    </span>
  );
}
