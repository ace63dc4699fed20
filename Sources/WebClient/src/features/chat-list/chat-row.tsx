import { newest, readByOthers, titleOf, unread } from "../../model/chat";
import type { Chat, People } from "../../model/chat";
import type { OutboxItem } from "../../model/outbox";
import { listTime } from "../../model/time";
import { timeOf } from "../../model/uuid";
import { previewOf } from "../../model/words";
import type { AccountId } from "../../protocol/ids";
import { Avatar } from "../../ui/avatar";
import { Badge } from "../../ui/badge";
import { classes } from "../../ui/classes";
import { Icon } from "../../ui/icon";
import { Ticks } from "../../ui/ticks";
import type { Delivery } from "../../ui/ticks";
import "./chat-row.css";

interface ChatRowProps {
  readonly chat: Chat;
  readonly people: People;
  readonly me: AccountId | null;
  /** The newest message of this chat that waits to be sent. */
  readonly pending: OutboxItem | null;
  readonly isActive: boolean;
  readonly onOpen: () => void;
}

/** One chat of the list: who, what was said last and when, and how much of it is unread. */
export function ChatRow({ chat, people, me, pending, isActive, onOpen }: ChatRowProps) {
  const last = newest(chat);
  const preview =
    pending !== null
      ? { sender: "You", text: pending.text }
      : last === null
        ? { sender: null, text: chat.fullName }
        : previewOf(last, people, me);
  const ts = pending !== null ? timeOf(pending.cmid) : last?.ts;
  const delivery = deliveryOf(chat, me, pending);
  return (
    <li>
      <button
        type="button"
        className={classes("chat-row", isActive && "chat-row--active")}
        aria-current={isActive ? "page" : undefined}
        data-testid="chat-row"
        data-chat={chat.id}
        data-kind={chat.kind}
        data-owner={chat.creator ?? "cluster"}
        onClick={onOpen}
      >
        <Avatar id={chat.id} name={titleOf(chat)} />
        <span className="chat-row__text">
          <span className="chat-row__line">
            {chat.kind === "public" && (
              <span className="chat-row__kind" title="Public room">
                <Icon name="globe" />
              </span>
            )}
            <span className="chat-row__title">{titleOf(chat)}</span>
            <span className="chat-row__state">
              {delivery !== null && <Ticks delivery={delivery} />}
              <span className="chat-row__time">
                {ts === undefined ? "" : listTime(ts, Date.now())}
              </span>
            </span>
          </span>
          <span className="chat-row__line">
            <span className="chat-row__preview">
              {preview.sender !== null && (
                <span className="chat-row__sender">{preview.sender}: </span>
              )}
              {preview.text}
            </span>
            <Badge count={unread(chat)} isInverted={isActive} />
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
