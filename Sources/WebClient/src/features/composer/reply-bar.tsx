import type { Chat } from "../../model/chat";
import { entryAt } from "../../model/chat";
import { lineOf, nameOf } from "../../model/words";
import { useClient, useQuoted, useSnapshot } from "../../session/context";
import { Icon } from "../../ui/icon";
import { IconButton } from "../../ui/icon-button";
import { colourOf } from "../../ui/peer-colour";
import { Quote } from "../../ui/quote";
import { text } from "../../text/text";
import "./reply-bar.css";

interface ReplyBarProps {
  readonly chat: Chat;
  /** The number of the message that is answered, or that gets other words. */
  readonly seq: number;
  readonly isEdit: boolean;
  readonly onCancel: () => void;
}

/** What the message that is being written answers, or which one it changes. */
export function ReplyBar({ chat, seq, isEdit, onCancel }: ReplyBarProps) {
  const client = useClient();
  const { store, me } = useSnapshot();
  const entry = entryAt(chat, seq);
  useQuoted(chat.id, seq, entry);
  const name = entry === null ? "…" : nameOf(store.people, entry.from);
  return (
    <div className="reply-bar" data-testid={isEdit ? "edit-bar" : "reply-bar"}>
      <span className="reply-bar__icon">
        <Icon name={isEdit ? "pencil" : "reply"} />
      </span>
      <button
        type="button"
        className="reply-bar__quote"
        title={text(isEdit ? "composer.editShow" : "composer.replyShow")}
        onClick={() => client.show(chat.id, seq)}
      >
        <Quote
          colour={colourOf(entry?.from ?? "")}
          title={isEdit ? text("composer.editing") : text("composer.replyTo", { name })}
          line={entry === null ? null : lineOf(entry, store.people, me?.id ?? null)}
        />
      </button>
      <IconButton icon="close" label={text(isEdit ? "composer.editCancel" : "composer.replyCancel")} onPress={onCancel} />
    </div>
  );
}
