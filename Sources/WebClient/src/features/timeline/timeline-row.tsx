import { memo, useContext } from "react";
import type { People } from "../../model/chat";
import { originOf, repliedBy } from "../../model/rows";
import type { Row } from "../../model/rows";
import { nameOf, serviceText } from "../../model/words";
import type { Entry } from "../../protocol/frames";
import type { AccountId, ChatId } from "../../protocol/ids";
import type { Sender } from "./bubble";
import { ForwardedLine } from "./forwarded-line";
import { Hole } from "./hole";
import { PendingMessage } from "./kinds/pending-message";
import { ServiceMessage } from "./kinds/service-message";
import { Message } from "./message";
import { PartsContext } from "./parts";
import { ReplyBlock } from "./reply-block";
import { text } from "../../text/text";
import { Later } from "../../ui/later";
import "./timeline-row.css";

interface TimelineRowProps {
  readonly chat: ChatId;
  readonly row: Row;
  readonly people: People;
  readonly me: AccountId | null;
  /** Who made the chat; it stands beside the name. */
  readonly creator: AccountId | null;
  /** Whether several people write here, so that names are shown. */
  readonly showsNames: boolean;
  /** What the row answers, if that is here. */
  readonly quoted: Entry | null;
  readonly isStarred: boolean;
  /** Somebody went to this very row: it is lit for a moment. */
  readonly isFound: boolean;
}

/** One row of a thread. */
export const TimelineRow = memo(function TimelineRow(props: TimelineRowProps) {
  const { chat, row, people, me, creator, showsNames, quoted, isStarred, isFound } = props;
  const parts = useContext(PartsContext);
  const seq = repliedBy(row);
  const from = row.kind === "message" ? row.entry.seq : 0;
  const origin = originOf(row);
  const reply =
    seq !== 0 ? <ReplyBlock seq={seq} from={from} entry={quoted} people={people} />
    : origin !== undefined ? <ForwardedLine origin={origin} />
    : null;
  switch (row.kind) {
    case "message":
      return (
        <Message
          row={row}
          sender={showsNames && !row.isOut ? senderOf(row.entry.from, people, creator) : null}
          reply={reply}
          isStarred={isStarred}
          isFound={isFound}
        />
      );
    case "pending":
      return <PendingMessage row={row} reply={reply} />;
    case "service": {
      const line = <ServiceMessage rowKey={row.key} text={serviceText(row.entry, people, me)} />;
      const { entry } = row;
      if (entry.kind !== "pinned") return line;
      return (
        <Later from={parts} until={line}>
          {({ PinnedMessage }) => (
            <PinnedMessage rowKey={row.key} entry={entry} target={quoted} people={people} me={me} />
          )}
        </Later>
      );
    }
    case "unread":
      return (
        <li className="timeline-row--unread" data-key={row.key} data-testid="unread-line">
          {text("thread.unread")}
        </li>
      );
    case "hole":
      return <Hole rowKey={row.key} before={row.before} chat={chat} />;
  }
});

function senderOf(from: AccountId | null, people: People, creator: AccountId | null): Sender {
  return { id: from ?? "", name: nameOf(people, from), isCreator: from !== null && from === creator };
}
