import { formatted } from "../../../model/formatting";
import { classes } from "../../../ui/classes";
import { FormattedText } from "../formatted-text";
import "./text-message.css";

interface TextMessageProps {
  readonly text: string;
  readonly isOut: boolean;
}

/** The text of a message, with what its marks mean. */
export function TextMessage({ text, isOut }: TextMessageProps) {
  return (
    <div className={classes("text-message", isOut && "text-message--out")} data-testid="text" dir="auto">
      <FormattedText parts={formatted(text)} />
    </div>
  );
}
