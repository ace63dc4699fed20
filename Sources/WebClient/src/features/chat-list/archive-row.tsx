import { useLayoutEffect, useRef } from "react";
import { unread } from "../../model/chat";
import type { Chat } from "../../model/chat";
import { titleOf } from "../../model/words";
import { Badge } from "../../ui/badge";
import { Icon } from "../../ui/icon";
import { text } from "../../text/text";
import "./archive-row.css";

interface ArchiveRowProps {
  /** What is in the archive; at least one chat. */
  readonly chats: readonly Chat[];
  readonly count: number;
  /** Whether Tab stops here. */
  readonly isStop: boolean;
  readonly onOpen: () => void;
}

/** Names that fit into a line. */
const namesMax = 8;

/** The first row of the list: the chats that were put away, and how much of them is unread. */
export function ArchiveRow({ chats, count, isStop, onOpen }: ArchiveRowProps) {
  const place = useRef<HTMLLIElement>(null);
  // As every row.
  useLayoutEffect(() => place.current?.style.setProperty("--at", "0"), []);
  return (
    <li ref={place} className="chat-row__place" data-at={0} aria-setsize={count} aria-posinset={1}>
      <button type="button" tabIndex={isStop ? 0 : -1} className="chat-row" data-testid="archive-row" onClick={onOpen}>
        <span className="archive-row__sign">
          <Icon name="archive" />
        </span>
        <span className="chat-row__text">
          <span className="chat-row__line">
            <span className="chat-row__title">{text("archive.title")}</span>
          </span>
          <span className="chat-row__line">
            <span className="chat-row__preview" dir="auto">
              {chats.slice(0, namesMax).map(titleOf).join(", ")}
            </span>
            <Badge count={chats.reduce((sum, chat) => sum + unread(chat), 0)} isMuted />
          </span>
        </span>
      </button>
    </li>
  );
}
