import type { FoundMessage } from "../../protocol/http-types";
import { snippetOf } from "./snippet";
import "./marked-line.css";

interface MarkedLineProps {
  readonly hit: FoundMessage;
}

/** One line of a message that was found, with what was looked for marked. */
export function MarkedLine({ hit }: MarkedLineProps) {
  return (
    <span className="marked-line" dir="auto">
      {snippetOf(hit).map((piece, index) =>
        piece.isHit ? (
          <mark className="marked-line__hit" key={index}>
            {piece.text}
          </mark>
        ) : (
          piece.text
        ),
      )}
    </span>
  );
}
