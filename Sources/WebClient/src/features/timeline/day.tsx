import type { ReactNode } from "react";
import { entryAt } from "../../model/chat";
import type { Chat, People } from "../../model/chat";
import { repliedBy } from "../../model/rows";
import type { Row } from "../../model/rows";
import type { Stars } from "../../model/stars";
import { dayName } from "../../model/time";
import { nameOf } from "../../model/words";
import type { AccountId } from "../../protocol/ids";
import { Avatar } from "../../ui/avatar";
import { TimelineRow } from "./timeline-row";
import "./day.css";

interface DayProps {
  readonly chat: Chat;
  readonly rows: readonly Row[];
  readonly people: People;
  /** The stars of the chat, by the numbers of the messages. */
  readonly stars: Stars[string] | undefined;
  readonly me: AccountId | null;
  readonly showsNames: boolean;
  /** The number of the message that somebody went to just now; 0 for none. */
  readonly found: number;
}

/** The rows of one day below its pill. A group of somebody's messages has their picture at its side. */
export function Day(props: DayProps) {
  const { chat, rows, people, stars, me, showsNames, found } = props;
  const shown = (row: Row): ReactNode => (
    <TimelineRow
      key={row.key}
      chat={chat.id}
      row={row}
      people={people}
      me={me}
      creator={chat.creator}
      showsNames={showsNames}
      quoted={entryAt(chat, repliedBy(row))}
      isStarred={row.kind === "message" && stars?.[row.entry.seq] !== undefined}
      isFound={row.kind === "message" && row.entry.seq === found}
    />
  );
  return (
    <ol className="timeline__day">
      <li className="timeline__pill">
        <span>{dayName(rows[0]?.ts ?? 0, Date.now())}</span>
      </li>
      {runsOf(rows, showsNames).map(({ from, rows: ofRun }) =>
        from === undefined ? (
          ofRun.map(shown)
        ) : (
          <li className="day__group" key={`group ${ofRun[0]?.key ?? ""}`}>
            <span className="day__side">
              <Avatar id={from ?? ""} name={nameOf(people, from)} size="medium" />
            </span>
            <ol className="day__rows">{ofRun.map(shown)}</ol>
          </li>
        ),
      )}
    </ol>
  );
}

interface Run {
  /** Who wrote all of it; undefined where no picture stands beside it. */
  readonly from: AccountId | null | undefined;
  readonly rows: Row[];
}

function runsOf(rows: readonly Row[], showsNames: boolean): readonly Run[] {
  const runs: Run[] = [];
  let isOpen = false;
  for (const row of rows) {
    const from = showsNames && row.kind === "message" && !row.isOut ? row.entry.from : undefined;
    const last = runs[runs.length - 1];
    const isFirst = row.kind === "message" && row.isFirst;
    if (last !== undefined && last.from === from && (from === undefined || (isOpen && !isFirst))) last.rows.push(row);
    else runs.push({ from, rows: [row] });
    isOpen = row.kind === "message" && !row.isLast;
  }
  return runs;
}
