import type { Person } from "../../protocol/http-types";
import type { AccountId } from "../../protocol/ids";
import { Avatar } from "../../ui/avatar";
import { IconButton } from "../../ui/icon-button";
import { text } from "../../text/text";
import "./member-row.css";

interface MemberRowProps {
  readonly account: AccountId;
  readonly person: Person | null;
  readonly isCreator: boolean;
  readonly isMe: boolean;
  /** Opens the direct chat with the member; null where that makes no sense. */
  readonly onWrite: (() => void) | null;
  /** Asks to remove the member; null where that is not ours to do. */
  readonly onRemove: (() => void) | null;
}

/** One member of a chat; a press opens the chat with them alone. */
export function MemberRow({ account, person, isCreator, isMe, onWrite, onRemove }: MemberRowProps) {
  const name = person?.name ?? "…";
  const content = (
    <>
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
    </>
  );
  return (
    <li className="member-row" data-testid="member">
      {onWrite === null ? (
        <span className="member-row__person">{content}</span>
      ) : (
        <button
          type="button"
          className="member-row__person member-row__person--open"
          title={text("info.write", { name })}
          onClick={onWrite}
        >
          {content}
        </button>
      )}
      {onRemove !== null && (
        <IconButton icon="close" label={text("info.removeName", { name })} onPress={onRemove} />
      )}
    </li>
  );
}
