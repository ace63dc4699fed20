import { useContext, useLayoutEffect, useRef } from "react";
import { newest, readByOthers, unread } from "../../model/chat";
import type { Chat, People } from "../../model/chat";
import type { OutboxItem } from "../../model/outbox";
import { listTime } from "../../model/time";
import { timeOf } from "../../model/uuid";
import { plainLine, previewOf, titleOf } from "../../model/words";
import type { ChatSettings } from "../../protocol/frames";
import type { AccountId } from "../../protocol/ids";
import type { Draft } from "../../session/drafts";
import { Avatar } from "../../ui/avatar";
import { Badge } from "../../ui/badge";
import { classes } from "../../ui/classes";
import { Icon } from "../../ui/icon";
import { Later } from "../../ui/later";
import { Ticks } from "../../ui/ticks";
import type { Delivery } from "../../ui/ticks";
import { text } from "../../text/text";
import { RowPartsContext } from "./row-parts";
import "./chat-row.css";

interface ChatRowProps {
  readonly chat: Chat;
  /** Its place in the list, and how many rows the list has. */
  readonly index: number;
  readonly count: number;
  readonly people: People;
  readonly me: AccountId | null;
  /** The newest message of this chat that waits to be sent. */
  readonly pending: OutboxItem | null;
  /** What was begun here and left. */
  readonly draft: Draft | null;
  readonly settings: ChatSettings;
  readonly isActive: boolean;
  /** Whether Tab stops here. */
  readonly isStop: boolean;
  readonly onOpen: () => void;
}

/** One chat of the list: who, what was said last and when, and how much of it is unread. */
export function ChatRow(props: ChatRowProps) {
  const { chat, index, count, people, me, pending, draft, settings, isActive, isStop, onOpen } = props;
  const isMuted = settings.mutedUntil > Date.now();
  const isRead = unread(chat) === 0 && !settings.isUnread;
  const place = useRef<HTMLLIElement>(null);
  // The styles put the row where its index says, and move it there when that changes.
  useLayoutEffect(() => place.current?.style.setProperty("--at", String(index)), [index]);
  const last = newest(chat);
  const preview =
    pending !== null
      ? { sender: text("entry.you"), text: plainLine(pending.text) }
      : last === null
        ? { sender: null, text: chat.fullName }
        : previewOf(last, people, me);
  const ts = draft?.ts ?? (pending !== null ? timeOf(pending.cmid) : last?.ts);
  const delivery = draft === null ? deliveryOf(chat, me, pending) : null;
  const parts = useContext(RowPartsContext);
  const said = (
    <>
      {draft !== null && <span className="chat-row__draft">{text("chats.draft")}</span>}
      {draft === null && preview.sender !== null && chat.peer === null && (
        <span className="chat-row__sender">{text("entry.sender", { name: preview.sender })}</span>
      )}
      {draft === null ? preview.text : plainLine(draft.text)}
    </>
  );
  return (
    <li ref={place} className="chat-row__place" data-at={index} aria-setsize={count} aria-posinset={index + 1}>
      <button
        type="button"
        tabIndex={isStop ? 0 : -1}
        className={classes("chat-row", isActive && "chat-row--active")}
        aria-current={isActive ? "page" : undefined}
        data-testid="chat-row"
        data-chat={chat.id}
        data-kind={chat.kind}
        data-owner={chat.creator ?? "cluster"}
        onClick={onOpen}
      >
        <Avatar id={chat.id} name={titleOf(chat)} />
        {chat.peer !== null && chat.peer !== me && (
          <Later from={parts}>{({ OnlineDot }) => <OnlineDot account={chat.peer} isActive={isActive} />}</Later>
        )}
        <span className="chat-row__text">
          <span className="chat-row__line">
            {chat.kind === "public" && (
              <span className="chat-row__kind" role="img" aria-label={text("chats.publicRoom")} title={text("chats.publicRoom")}>
                <Icon name="globe" />
              </span>
            )}
            <span className="chat-row__title" dir="auto">
              {titleOf(chat)}
            </span>
            {isMuted && (
              <span className="chat-row__kind" role="img" aria-label={text("mute.on")} title={text("mute.on")}>
                <Icon name="mute" />
              </span>
            )}
            <span className="chat-row__state">
              {delivery !== null && <Ticks delivery={delivery} />}
              <span className="chat-row__time">
                {ts === undefined || ts === 0 ? "" : listTime(ts, Date.now())}
              </span>
            </span>
          </span>
          <span className="chat-row__line">
            <span className="chat-row__preview" dir="auto">
              <Later from={parts} until={said}>
                {({ RowTyping }) => <RowTyping chat={chat} otherwise={said} />}
              </Later>
            </span>
            <Badge count={unread(chat)} isInverted={isActive} isMuted={isMuted} isMarked={settings.isUnread} />
            {settings.pin > 0 && isRead && (
              <span className="chat-row__kind" role="img" aria-label={text("chats.pinned")} title={text("chats.pinned")}>
                <Icon name="pin" />
              </span>
            )}
          </span>
        </span>
      </button>
    </li>
  );
}

function deliveryOf(chat: Chat, me: AccountId | null, pending: OutboxItem | null): Delivery | null {
  if (pending !== null) {
    if (pending.state === "failed") return "failed";
    return pending.state === "sent" ? "sent" : "sending";
  }
  const last = newest(chat);
  if (last === null || last.kind !== "text" || last.from !== me) return null;
  return readByOthers(chat, me) >= last.n ? "read" : "sent";
}
