import type { ReactNode } from "react";
import { emojiOnly } from "../../model/emoji";
import type { MessageRow } from "../../model/rows";
import { Bubble } from "./bubble";
import type { Sender } from "./bubble";
import { EmojiMessage } from "./kinds/emoji-message";
import { TextMessage } from "./kinds/text-message";
import { UnknownMessage } from "./kinds/unknown-message";

interface MessageProps {
  readonly row: MessageRow;
  /** Who wrote it, where that has to be said. */
  readonly sender: Sender | null;
  /** What it answers; null for none. */
  readonly reply: ReactNode;
  readonly isStarred: boolean;
  readonly isFound: boolean;
}

/** A message of the thread, by its kind. */
export function Message({ row, sender, reply, isStarred, isFound }: MessageProps) {
  const { entry, isOut } = row;
  const emoji = entry.kind === "text" && reply === null ? emojiOnly(entry.text) : 0;
  return (
    <Bubble
      row={row}
      n={entry.n}
      isOut={isOut}
      isFirst={row.isFirst}
      isLast={row.isLast}
      isBare={emoji !== 0}
      sender={sender}
      reply={reply}
      isStarred={isStarred}
      isFound={isFound}
      ts={row.ts}
      delivery={row.delivery}
    >
      {entry.kind !== "text" ? (
        <UnknownMessage isOut={isOut} />
      ) : emoji !== 0 ? (
        <EmojiMessage text={entry.text} count={emoji} />
      ) : (
        <TextMessage text={entry.text} isOut={isOut} />
      )}
    </Bubble>
  );
}
