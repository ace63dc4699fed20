import { useContext } from "react";
import { isErased } from "../../model/changes";
import type { People } from "../../model/chat";
import { lineOf, nameOf } from "../../model/words";
import type { Entry } from "../../protocol/frames";
import { useQuoted, useSnapshot } from "../../session/context";
import { colourOf } from "../../ui/peer-colour";
import { Quote } from "../../ui/quote";
import { toast } from "../../ui/toast";
import { text } from "../../text/text";
import { ThreadActsContext } from "./thread-acts";
import "./reply-block.css";

interface ReplyBlockProps {
  /** The number of the message that is answered; */
  readonly seq: number;
  /** and of the one that answers it, 0 while it has none. */
  readonly from: number;
  /** What is answered; null while it is not here. */
  readonly entry: Entry | null;
  readonly people: People;
}

/** What a message answers, at its head; a press goes there. */
export function ReplyBlock({ seq, from, entry, people }: ReplyBlockProps) {
  const { me } = useSnapshot();
  const { chat, jump } = useContext(ThreadActsContext);
  useQuoted(chat, seq, entry);
  const name = entry === null ? "…" : nameOf(people, entry.from);
  const line = entry === null ? null : lineOf(entry, people, me?.id ?? null);
  return (
    <button
      type="button"
      className="reply-block"
      tabIndex={-1}
      aria-label={text("thread.toReplied", { name, words: line ?? "…" })}
      data-testid="reply"
      data-reply={seq}
      onClick={() => (isErased(entry) ? toast(text("thread.wasDeleted")) : jump(seq, from))}
    >
      <Quote colour={colourOf(entry?.from ?? "")} title={name} line={line} />
    </button>
  );
}
