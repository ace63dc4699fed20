import { useState } from "react";
import type { ChatId } from "../../protocol/ids";
import type { InviteLink } from "../../protocol/link-types";
import { useClient } from "../../session/context";
import { revokeLink } from "../../session/link-api";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { text } from "../../text/text";

interface RevokeQuestionProps {
  readonly chat: ChatId;
  readonly link: InviteLink;
  readonly onClose: () => void;
  readonly onRevoked: () => void;
}

/** Asks once more before a link ends. */
export function RevokeQuestion({ chat, link, onClose, onRevoked }: RevokeQuestionProps) {
  const client = useClient();
  const [isBusy, setBusy] = useState(false);

  async function revoke() {
    setBusy(true);
    try {
      await revokeLink(client.api.http, chat, link.id);
      onRevoked();
    } catch (error) {
      client.complain(error);
    }
    onClose();
  }

  return (
    <Dialog title={text("links.revokeQuestion")} onClose={onClose}>
      <p>{text("links.revokeText")}</p>
      <Button look="danger" isWide isDisabled={isBusy} onPress={() => void revoke()}>
        {text("links.revokeNow")}
      </Button>
      <Button isWide onPress={onClose}>
        {text("button.cancel")}
      </Button>
    </Dialog>
  );
}
