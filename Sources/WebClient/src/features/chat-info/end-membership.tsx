import { useState } from "react";
import type { Chat } from "../../model/chat";
import { nameOf } from "../../model/words";
import type { AccountId } from "../../protocol/ids";
import { useClient, useSnapshot } from "../../session/context";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { text } from "../../text/text";

interface EndMembershipProps {
  readonly chat: Chat;
  readonly account: AccountId;
  readonly isMe: boolean;
  readonly onClose: () => void;
}

/** Asks once more before somebody is removed from a chat, or leaves it. */
export function EndMembership({ chat, account, isMe, onClose }: EndMembershipProps) {
  const client = useClient();
  const { store } = useSnapshot();
  const [isBusy, setBusy] = useState(false);
  const name = nameOf(store.people, account);

  async function end() {
    setBusy(true);
    try {
      await client.api.removeMember(chat.id, account);
      if (isMe) client.drop(chat.id);
    } catch (error) {
      client.complain(error);
    }
    onClose();
  }

  return (
    <Dialog title={isMe ? text("info.leaveQuestion") : text("info.removeQuestion", { name })} onClose={onClose}>
      <p>{isMe ? text("info.leaveText") : text("info.removeText", { name })}</p>
      <Button look="danger" isWide isDisabled={isBusy} onPress={() => void end()}>
        {text(isMe ? "info.leaveNow" : "info.remove")}
      </Button>
      <Button isWide onPress={onClose}>
        {text("button.cancel")}
      </Button>
    </Dialog>
  );
}
