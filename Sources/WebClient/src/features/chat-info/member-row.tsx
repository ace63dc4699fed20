import type { Person } from "../../protocol/http-types";
import type { AccountId } from "../../protocol/ids";
import { Avatar } from "../../ui/avatar";
import { text } from "../../text/text";
import "./member-row.css";

interface MemberRowProps {
  readonly account: AccountId;
  readonly person: Person | null;
  readonly isCreator: boolean;
  readonly isMe: boolean;
}

/** One member of a chat. */
export function MemberRow({ account, person, isCreator, isMe }: MemberRowProps) {
  const name = person?.name ?? "…";
  return (
    <li className="member-row" data-testid="member">
      <Avatar id={account} name={name} size="medium" />
      <span className="member-row__text">
        <span className="member-row__name" dir="auto">
          {isMe ? text("info.you", { name }) : name}
        </span>
        {person !== null && person.username !== null && (
          <span className="member-row__detail">@{person.username}</span>
        )}
      </span>
      {isCreator && <span className="member-row__detail">{text("info.creator")}</span>}
    </li>
  );
}
