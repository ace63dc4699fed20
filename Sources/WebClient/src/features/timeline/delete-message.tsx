import type { ChatId } from "../../protocol/ids";
import { useClient } from "../../session/context";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { focusComposer } from "../../ui/focus-composer";
import { text } from "../../text/text";

interface DeleteMessageProps {
  readonly chat: ChatId;
  /** The number of the message. */
  readonly seq: number;
  readonly onClose: () => void;
}

/** Asks once more before a message goes for everybody. */
export function DeleteMessage({ chat, seq, onClose }: DeleteMessageProps) {
  const client = useClient();
  return (
    <Dialog title={text("thread.deleteQuestion")} onClose={onClose}>
      <p>{text("thread.deleteText")}</p>
      <Button
        look="danger"
        isWide
        onPress={() => {
          client.remove(chat, seq);
          onClose();
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
