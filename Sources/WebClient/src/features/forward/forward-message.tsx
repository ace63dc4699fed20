import { useState } from "react";
import { chatsNamed } from "../../model/store";
import { titleOf } from "../../model/words";
import type { TextEntry } from "../../protocol/frames";
import type { ChatId } from "../../protocol/ids";
import { useClient, useOrderedChats } from "../../session/context";
import { select } from "../../session/selecting";
import { text } from "../../text/text";
import { Avatar } from "../../ui/avatar";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { focusComposer } from "../../ui/focus-composer";
import { TextField } from "../../ui/text-field";
import { toast } from "../../ui/toast";
import "./forward-message.css";

interface ForwardMessageProps {
  /** The chat that the messages are in. */
  readonly chat: ChatId;
  /** In the order in which they go. */
  readonly entries: readonly TextEntry[];
  readonly onClose: () => void;
}

/** Asks to which chats messages go, and sends them to all of these. */
export function ForwardMessage({ chat, entries, onClose }: ForwardMessageProps) {
  const client = useClient();
  const [wanted, setWanted] = useState("");
  const [chosen, setChosen] = useState<readonly ChatId[]>([]);
  const chats = chatsNamed(useOrderedChats(null), wanted);

  function toggle(id: ChatId) {
    setChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  }

  function send() {
    for (const id of chosen) {
      for (const entry of entries) client.forward(id, { chat, seq: entry.seq }, entry.text);
    }
    toast(text("forward.done", { n: chosen.length }));
    onClose();
    select(null);
    focusComposer();
  }

  return (
    <Dialog title={text("forward.title")} onClose={onClose}>
      <TextField label={text("palette.field")} value={wanted} onChange={setWanted} lengthMax={64} hasFocus />
      <ul className="forward-message__chats" aria-label={text("chats.label")}>
        {chats.map(({ id, name, peer, members, fullName }) => (
          <li key={id}>
            <label className="forward-message__chat">
              <input
                className="forward-message__box"
                type="checkbox"
                checked={chosen.includes(id)}
                onChange={() => toggle(id)}
              />
              <Avatar id={id} name={titleOf({ name, peer, members })} size="medium" />
              <span className="forward-message__text">
                <span className="forward-message__name" dir="auto">
                  {titleOf({ name, peer, members })}
                </span>
                <span className="forward-message__full" dir="auto">
                  {fullName}
                </span>
              </span>
            </label>
          </li>
        ))}
      </ul>
      {chats.length === 0 && <p role="status">{text("forward.none")}</p>}
      <Button look="primary" isWide isDisabled={chosen.length === 0} onPress={send}>
        {chosen.length === 0 ? text("thread.forward") : text("forward.send", { n: chosen.length })}
      </Button>
    </Dialog>
  );
}
