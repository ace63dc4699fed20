import type { PendingRow } from "../../../model/rows";
import { useClient } from "../../../session/context";
import { wordsForCode } from "../../../session/words";
import { Button } from "../../../ui/button";
import type { Delivery } from "../../../ui/ticks";
import { Bubble } from "../bubble";
import { TextMessage } from "./text-message";
import "./pending-message.css";

interface PendingMessageProps {
  readonly row: PendingRow;
}

/** A message of mine that the thread does not have yet, or that was refused. */
export function PendingMessage({ row }: PendingMessageProps) {
  const client = useClient();
  const { item } = row;
  return (
    <>
      <Bubble
        rowKey={row.key}
        n={0}
        isOut
        isFirst={row.isFirst}
        isLast={row.isLast}
        sender={null}
        ts={row.ts}
        delivery={deliveryOf(item.state)}
      >
        <TextMessage text={item.text} isOut />
      </Bubble>
      {item.state === "failed" && (
        <li className="pending-message__reason" role="alert">
          Not sent: {wordsForCode(item.code, item.message)}
          <Button isSmall onPress={() => client.retry(item.cmid)}>
            Try again
          </Button>
          <Button isSmall look="danger" onPress={() => client.discard(item.cmid)}>
            Delete
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
