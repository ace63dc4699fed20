import type { ReactNode } from "react";
import { emojiOnly } from "../../../model/emoji";
import type { PendingRow } from "../../../model/rows";
import { useClient } from "../../../session/context";
import { wordsForCode } from "../../../session/words";
import { Button } from "../../../ui/button";
import { focusComposer } from "../../../ui/focus-composer";
import type { Delivery } from "../../../ui/ticks";
import { Bubble } from "../bubble";
import { EmojiMessage } from "./emoji-message";
import { TextMessage } from "./text-message";
import { text } from "../../../text/text";
import "./pending-message.css";

interface PendingMessageProps {
  readonly row: PendingRow;
  /** What it answers; null for none. */
  readonly reply: ReactNode;
}

/** A message of mine that the thread does not have yet, or that was refused. */
export function PendingMessage({ row, reply }: PendingMessageProps) {
  const client = useClient();
  const { item } = row;
  const emoji = reply === null ? emojiOnly(item.text) : 0;
  return (
    <>
      <Bubble
        row={row}
        n={0}
        isOut
        isFirst={row.isFirst}
        isLast={row.isLast}
        isBare={emoji !== 0}
        sender={null}
        reply={reply}
        ts={row.ts}
        delivery={deliveryOf(item.state)}
      >
        {emoji !== 0 ? <EmojiMessage text={item.text} count={emoji} /> : <TextMessage text={item.text} isOut />}
      </Bubble>
      {item.state === "failed" && (
        <li className="pending-message__reason" role="alert">
          {text("thread.notSent", { reason: wordsForCode(item.code, item.message) })}
          <Button
            isSmall
            onPress={() => {
              client.retry(item.cmid);
              focusComposer();
            }}
          >
            {text("button.retry")}
          </Button>
          <Button
            isSmall
            look="danger"
            onPress={() => {
              client.discard(item.cmid);
              focusComposer();
            }}
          >
            {text("button.delete")}
          </Button>
        </li>
      )}
    </>
  );
}

function deliveryOf(state: PendingRow["item"]["state"]): Delivery {
  if (state === "failed") return "failed";
  return state === "sent" ? "sent" : "sending";
}
