import { nameOf } from "../../model/words";
import type { People } from "../../model/chat";
import type { AccountId } from "../../protocol/ids";
import { text } from "../../text/text";
import "./typing-line.css";

interface TypingLineProps {
  readonly typists: readonly AccountId[];
  readonly people: People;
  /** In a chat of two it is plain who. */
  readonly isAlone: boolean;
}

/** Who types, behind three dots that move. */
export function TypingLine({ typists, people, isAlone }: TypingLineProps) {
  return (
    <span className="typing-line" data-testid="typing">
      <span className="typing-line__dots" aria-hidden="true">
        <span className="typing-line__dot" />
        <span className="typing-line__dot" />
        <span className="typing-line__dot" />
      </span>
      {wordsOf(typists, people, isAlone)}
    </span>
  );
}

function wordsOf(typists: readonly AccountId[], people: People, isAlone: boolean): string {
  if (isAlone) return text("typing.alone");
  const [name = "", other = ""] = typists.map((account) => nameOf(people, account));
  if (typists.length === 1) return text("typing.one", { name });
  if (typists.length === 2) return text("typing.two", { name, other });
  return text("typing.more", { n: typists.length });
}
