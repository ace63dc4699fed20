import { text } from "../text/text";
import "./quote.css";

interface QuoteProps {
  /** One of the seven colours of people. */
  readonly colour: number;
  /** Whose the quoted words are, or a sentence about it. */
  readonly title: string;
  /** One line of them; null while they are not here. */
  readonly line: string | null;
}

/** What a message answers, in two lines behind a bar. */
export function Quote({ colour, title, line }: QuoteProps) {
  return (
    <span className={`quote quote--${colour}`}>
      <span className="quote__title" dir="auto">
        {title}
      </span>
      <span className="quote__line" dir="auto" data-testid="quote-line">
        {line ?? text("thread.quoteLoading")}
      </span>
    </span>
  );
}
