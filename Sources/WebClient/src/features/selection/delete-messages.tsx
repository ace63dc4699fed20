import type { ChatId } from "../../protocol/ids";
import { useClient } from "../../session/context";
import { select } from "../../session/selecting";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { focusComposer } from "../../ui/focus-composer";
import { text } from "../../text/text";

interface DeleteMessagesProps {
  readonly chat: ChatId;
  /** The numbers of the messages. */
  readonly seqs: readonly number[];
  readonly onClose: () => void;
}

/** Asks once more before messages go for everybody. */
export function DeleteMessages({ chat, seqs, onClose }: DeleteMessagesProps) {
  const client = useClient();
  const n = seqs.length;
  return (
    <Dialog title={text("thread.deleteQuestion", { n })} onClose={onClose}>
      <p>{text("thread.deleteText", { n })}</p>
      <Button
        look="danger"
        isWide
        onPress={() => {
          for (const seq of seqs) client.remove(chat, seq);
          onClose();
          select(null);
          focusComposer();
        }}
      >
        {text("info.deleteForAll")}
      </Button>
      <Button isWide onPress={onClose}>
        {text("info.keep")}
      </Button>
    </Dialog>
  );
}
