import { useContext } from "react";
import { isErased } from "../../../model/changes";
import type { People } from "../../../model/chat";
import { lineOf, nameOf, serviceText } from "../../../model/words";
import type { Entry, PinnedEntry } from "../../../protocol/frames";
import type { AccountId } from "../../../protocol/ids";
import { useQuoted } from "../../../session/context";
import { text } from "../../../text/text";
import { ThreadActsContext } from "../thread-acts";
import "./pinned-message.css";

interface PinnedMessageProps {
  readonly rowKey: string;
  readonly entry: PinnedEntry;
  /** The message that was pinned; null while it is not here. */
  readonly target: Entry | null;
  readonly people: People;
  readonly me: AccountId | null;
}

/** So much of a message stands in the line that says that it was pinned. */
const charactersMax = 40;

/** Who pinned what; a press goes there. */
export function PinnedMessage({ rowKey, entry, target, people, me }: PinnedMessageProps) {
  const { chat, jump } = useContext(ThreadActsContext);
  useQuoted(chat, entry.target, target);
  const isThere = target !== null && !isErased(target);
  const who = entry.from === me && me !== null ? text("entry.you") : nameOf(people, entry.from);
  return (
    <li className="pinned-message" data-key={rowKey} data-testid="service">
      <button
        type="button"
        className="pinned-message__text"
        disabled={!isThere}
        dir="auto"
        onClick={() => jump(entry.target, entry.seq)}
      >
        {isThere ? text("pins.service", { who, words: shortened(lineOf(target, people, me)) }) : serviceText(entry, people, me)}
      </button>
    </li>
  );
}

function shortened(line: string): string {
  const characters = [...line];
  return characters.length > charactersMax ? `${characters.slice(0, charactersMax).join("")}…` : line;
}
