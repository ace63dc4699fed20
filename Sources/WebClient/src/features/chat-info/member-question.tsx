import { useState } from "react";
import type { Chat } from "../../model/chat";
import { nameOf } from "../../model/words";
import type { AccountId } from "../../protocol/ids";
import { useClient, useSnapshot } from "../../session/context";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { text } from "../../text/text";

/** What is about to be done with a member; `leave` is one's own going. */
export interface AskedMember {
  readonly act: "remove" | "ban" | "pass" | "leave";
  readonly account: AccountId;
}

interface MemberQuestionProps {
  readonly chat: Chat;
  readonly asked: AskedMember;
  readonly onClose: () => void;
}

const words = {
  remove: { question: "info.removeQuestion", note: "info.removeText", yes: "info.remove" },
  ban: { question: "info.banQuestion", note: "info.banText", yes: "info.ban" },
  pass: { question: "info.passQuestion", note: "info.passText", yes: "info.passNow" },
  leave: { question: "info.leaveQuestion", note: "info.leaveText", yes: "info.leaveNow" },
} as const;

/** Asks once more before somebody goes from a chat, is kept out of it, or gets it. */
export function MemberQuestion({ chat, asked, onClose }: MemberQuestionProps) {
  const { act, account } = asked;
  const client = useClient();
  const { store } = useSnapshot();
  const [isBusy, setBusy] = useState(false);
  const name = nameOf(store.people, account);
  const { question, note, yes } = words[act];

  async function go() {
    setBusy(true);
    try {
      if (act === "pass") await client.api.setRole(chat.id, account, "owner");
      else if (act === "ban") await client.api.ban(chat.id, account, true);
      else await client.api.removeMember(chat.id, account);
      if (act === "leave") client.drop(chat.id);
    } catch (error) {
      client.complain(error);
    }
    onClose();
  }

  return (
    <Dialog title={text(question, { name })} onClose={onClose}>
      <p>{text(note, { name })}</p>
      {act === "leave" && chat.role === "owner" && <p>{text("info.leaveOwner")}</p>}
      <Button look="danger" isWide isDisabled={isBusy} onPress={() => void go()}>
        {text(yes)}
      </Button>
      <Button isWide onPress={onClose}>
        {text("button.cancel")}
      </Button>
    </Dialog>
  );
}
