import { listTime } from "../../model/time";
import { nameOf, titleOf } from "../../model/words";
import type { FoundMessage } from "../../protocol/http-types";
import { useSnapshot } from "../../session/context";
import { Avatar } from "../../ui/avatar";
import { text } from "../../text/text";
import { MarkedLine } from "./marked-line";
import "./hit-row.css";

interface HitRowProps {
  readonly hit: FoundMessage;
  readonly onOpen: () => void;
}

/** A message that was found in one of many chats. */
export function HitRow({ hit, onOpen }: HitRowProps) {
  const { store, me } = useSnapshot();
  const chat = store.chats[hit.chat];
  const { from } = hit.entry;
  const sender = from !== null && from === me?.id ? text("entry.you") : nameOf(store.people, from);
  return (
    <li>
      <button type="button" className="hit-row" data-testid="hit" data-seq={hit.entry.seq} onClick={onOpen}>
        <Avatar id={hit.chat} name={chat === undefined ? "" : titleOf(chat)} />
        <span className="hit-row__text">
          <span className="hit-row__line">
            <span className="hit-row__title" dir="auto">
              {chat === undefined ? "" : titleOf(chat)}
            </span>
            <span className="hit-row__time">{listTime(hit.entry.ts, Date.now())}</span>
          </span>
          <span className="hit-row__line">
            <span className="hit-row__sender">{text("entry.sender", { name: sender })}</span>
            <MarkedLine hit={hit} />
          </span>
        </span>
      </button>
    </li>
  );
}
