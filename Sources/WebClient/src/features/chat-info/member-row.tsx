import { useState } from "react";
import type { Person, Role } from "../../protocol/http-types";
import type { AccountId } from "../../protocol/ids";
import { usePresence } from "../../session/use-board";
import { presenceWords } from "../../session/presence-words";
import { Avatar } from "../../ui/avatar";
import { Dot } from "../../ui/dot";
import { Menu } from "../../ui/menu";
import { MenuPanel } from "../../ui/menu-panel";
import type { MenuItem } from "../../ui/menu-panel";
import type { Anchor } from "../../ui/place";
import { usePressMenu } from "../../ui/use-press-menu";
import { text } from "../../text/text";
import "./member-row.css";

interface MemberRowProps {
  readonly account: AccountId;
  readonly person: Person | null;
  readonly role: Role;
  readonly isMe: boolean;
  /** Opens the direct chat with the member; null where that makes no sense. */
  readonly onWrite: (() => void) | null;
  /** What I may do with the member. */
  readonly items: readonly MenuItem[];
}

/** One member of a chat; a press opens the chat with them alone, the menu says what I may do with them. */
export function MemberRow({ account, person, role, isMe, onWrite, items }: MemberRowProps) {
  const [anchor, setAnchor] = useState<Anchor | null>(null);
  const name = person?.name ?? "…";
  const presence = usePresence(isMe ? null : account);
  const seen = isMe ? text("seen.online") : presence === null ? null : presenceWords(presence, Date.now());
  const label = text("info.memberMenu", { name });
  const handlers = usePressMenu((_, at) => {
    if (items.length > 0) setAnchor(at);
    return items.length > 0;
  });
  const content = (
    <>
      <span className="member-row__face">
        <Avatar id={account} name={name} size="medium" />
        {(isMe || presence?.is === "online") && <Dot label={text("seen.online")} size="small" />}
      </span>
      <span className="member-row__text">
        <span className="member-row__name" dir="auto">
          {isMe ? text("info.you", { name }) : name}
        </span>
        <span className="member-row__detail" data-testid="member-seen">
          {seen ?? (person === null || person.username === null ? "" : `@${person.username}`)}
        </span>
      </span>
      {(role === "owner" || role === "admin") && (
        <span className="member-row__detail" data-testid="rank">
          {text(role === "owner" ? "info.owner" : "info.admin")}
        </span>
      )}
    </>
  );
  return (
    <li className="member-row" data-testid="member" {...handlers}>
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
      {items.length > 0 && <Menu icon="more" label={label} side="end" items={items} />}
      {anchor !== null && <MenuPanel label={label} items={items} anchor={anchor} onClose={() => setAnchor(null)} />}
    </li>
  );
}
