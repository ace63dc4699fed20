import { isErased } from "../../model/changes";
import { entryAt } from "../../model/chat";
import type { Chat } from "../../model/chat";
import { listTime } from "../../model/time";
import { lineOf, nameOf } from "../../model/words";
import { useClient, useQuoted, useSnapshot } from "../../session/context";
import { text } from "../../text/text";
import { Avatar } from "../../ui/avatar";
import { IconButton } from "../../ui/icon-button";
import { toast } from "../../ui/toast";
import "./starred-row.css";

interface StarredRowProps {
  readonly chat: Chat;
  /** The number of the message. */
  readonly seq: number;
  readonly onShow: () => void;
}

/** A message with a star: where it is, who wrote it and when, and what it says. */
export function StarredRow({ chat, seq, onShow }: StarredRowProps) {
  const client = useClient();
  const { store, me } = useSnapshot();
  const entry = entryAt(chat, seq);
  useQuoted(chat.id, seq, entry);
  const line = entry === null ? text("thread.quoteLoading") : lineOf(entry, store.people, me?.id ?? null);
  return (
    <li className="starred-row" data-testid="starred">
      <button
        type="button"
        className="starred-row__message"
        onClick={() => (isErased(entry) ? toast(text("thread.wasDeleted")) : onShow())}
      >
        <Avatar id={chat.id} name={chat.name} size="medium" />
        <span className="starred-row__text">
          <span className="starred-row__head">
            <span className="starred-row__chat" dir="auto">
              {chat.name}
            </span>
            <span className="starred-row__time">{entry === null ? "" : listTime(entry.ts, Date.now())}</span>
          </span>
          <span className="starred-row__line" dir="auto">
            {entry !== null && text("entry.sender", { name: nameOf(store.people, entry.from) })}
            {line}
          </span>
        </span>
      </button>
      <IconButton icon="close" label={text("thread.unstar")} onPress={() => client.star(chat.id, seq, false)} />
    </li>
  );
}
