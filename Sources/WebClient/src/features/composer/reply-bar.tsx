import { useEffect } from "react";
import type { Chat } from "../../model/chat";
import { entryAt } from "../../model/chat";
import { lineOf, nameOf } from "../../model/words";
import { useClient, useSnapshot } from "../../session/context";
import { Icon } from "../../ui/icon";
import { IconButton } from "../../ui/icon-button";
import { colourOf } from "../../ui/peer-colour";
import { Quote } from "../../ui/quote";
import { text } from "../../text/text";
import "./reply-bar.css";

interface ReplyBarProps {
  readonly chat: Chat;
  /** The number of the message that is answered. */
  readonly seq: number;
  readonly onCancel: () => void;
}

/** What the message that is being written answers. */
export function ReplyBar({ chat, seq, onCancel }: ReplyBarProps) {
  const client = useClient();
  const { store, me, session } = useSnapshot();
  const entry = entryAt(chat, seq);
  const isMissing = entry === null;
  const isLive = session.phase === "live";
  // What is not here is the cluster's to tell; it is asked again when the session is live anew.
  useEffect(() => {
    if (isMissing) client.needQuoted(chat.id, seq);
  }, [client, chat.id, seq, isMissing, isLive]);
  const name = entry === null ? "…" : nameOf(store.people, entry.from);
  return (
    <div className="reply-bar" data-testid="reply-bar">
      <span className="reply-bar__icon">
        <Icon name="reply" />
      </span>
      <button
        type="button"
        className="reply-bar__quote"
        title={text("composer.replyShow")}
        onClick={() => client.show(chat.id, seq)}
      >
        <Quote
          colour={colourOf(entry?.from ?? "")}
          title={text("composer.replyTo", { name })}
          line={entry === null ? null : lineOf(entry, store.people, me?.id ?? null)}
        />
      </button>
      <IconButton icon="close" label={text("composer.replyCancel")} onPress={onCancel} />
    </div>
  );
}
