import { memo } from "react";
import type { People } from "../../model/chat";
import type { MessageRow, Row } from "../../model/rows";
import { nameOf } from "../../model/store";
import { serviceText } from "../../model/words";
import type { AccountId } from "../../protocol/ids";
import { Spinner } from "../../ui/spinner";
import { Bubble } from "./bubble";
import { PendingMessage } from "./kinds/pending-message";
import { ServiceMessage } from "./kinds/service-message";
import { TextMessage } from "./kinds/text-message";
import { UnknownMessage } from "./kinds/unknown-message";
import "./timeline-row.css";

interface TimelineRowProps {
  readonly row: Row;
  readonly people: People;
  readonly me: AccountId | null;
  /** Whether several people write here, so that names are shown. */
  readonly showsNames: boolean;
}

/** One row of a thread. */
export const TimelineRow = memo(function TimelineRow(props: TimelineRowProps) {
  const { row, people, me, showsNames } = props;
  switch (row.kind) {
    case "message":
      return <Message row={row} people={people} showsNames={showsNames} />;
    case "pending":
      return <PendingMessage row={row} />;
    case "service":
      return <ServiceMessage rowKey={row.key} text={serviceText(row.entry, people, me)} />;
    case "unread":
      return (
        <li className="timeline-row--unread" data-key={row.key} data-testid="unread-line">
          Unread messages
        </li>
      );
    case "hole":
      return (
        <li className="timeline-row--hole" data-key={row.key} data-before={row.before}>
          <Spinner label="Loading messages" />
        </li>
      );
  }
});

interface MessageProps {
  readonly row: MessageRow;
  readonly people: People;
  readonly showsNames: boolean;
}

function Message({ row, people, showsNames }: MessageProps) {
  const { entry, isOut } = row;
  const sender = showsNames
    ? { id: entry.from ?? "", name: nameOf(people, entry.from) }
    : null;
  return (
    <Bubble
      rowKey={row.key}
      n={entry.n}
      isOut={isOut}
      isFirst={row.isFirst}
      isLast={row.isLast}
      sender={sender}
      ts={row.ts}
      delivery={row.delivery}
    >
      {entry.kind === "text" ? (
        <TextMessage text={entry.text} isOut={isOut} />
      ) : (
        <UnknownMessage isOut={isOut} />
      )}
    </Bubble>
  );
}
