import { classes } from "../../../ui/classes";
import "./text-message.css";

interface TextMessageProps {
  readonly text: string;
  readonly isOut: boolean;
}

const link = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'])/;

/** The text of a message; web addresses in it can be followed. */
export function TextMessage({ text, isOut }: TextMessageProps) {
  return (
    <span className={classes("text-message", isOut && "text-message--out")} data-testid="text" dir="auto">
      {text.split(link).map((part, index) =>
        index % 2 === 0 ? (
          part
        ) : (
          <a key={index} href={part} target="_blank" rel="noopener noreferrer">
            {part}
          </a>
        ),
      )}
    </span>
  );
}
