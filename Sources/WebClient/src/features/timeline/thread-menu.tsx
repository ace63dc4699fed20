import { useState } from "react";
import type { Chat } from "../../model/chat";
import type { AccountId } from "../../protocol/ids";
import { DeleteMessage } from "./delete-message";
import { MessageMenu } from "./message-menu";
import type { AskedMenu } from "./use-message-menu";

interface ThreadMenuProps {
  readonly chat: Chat;
  readonly me: AccountId | null;
  /** The menu that was asked for. */
  readonly menu: AskedMenu | null;
  readonly onClose: () => void;
}

/** The menu of a message, and what it asks before it is done. */
export function ThreadMenu({ chat, me, menu, onClose }: ThreadMenuProps) {
  const [deleting, setDeleting] = useState(0);
  const isCreator = me !== null && chat.creator === me;
  return (
    <>
      {menu !== null && <MessageMenu {...menu} isCreator={isCreator} onDelete={setDeleting} onClose={onClose} />}
      {deleting !== 0 && <DeleteMessage chat={chat.id} seq={deleting} onClose={() => setDeleting(0)} />}
    </>
  );
}
