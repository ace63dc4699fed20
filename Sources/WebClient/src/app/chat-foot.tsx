import { useEffect } from "react";
import type { Chat } from "../model/chat";
import { may } from "../model/roles";
import { Composer } from "../features/composer/composer";
import type { FormatBarProps } from "../features/composer/format-bar";
import { QuietBar } from "../features/composer/quiet-bar";
import { select, useSelection } from "../session/selecting";
import { Later } from "../ui/later";
import { extras } from "./chunks";

interface ChatFootProps {
  readonly chat: Chat;
}

/** What stands below a thread: the composer, or while messages are chosen what to do with them. Give it the chat's id as key. */
export function ChatFoot({ chat }: ChatFootProps) {
  const selection = useSelection();
  // It is the page's, and ends when the chat is left.
  useEffect(() => () => select(null), []);
  const formatBar = (props: FormatBarProps) => (
    <Later from={extras}>{({ FormatBar }) => <FormatBar {...props} />}</Later>
  );
  const composer = may(chat, "send") ? <Composer chat={chat.id} formatBar={formatBar} /> : <QuietBar />;
  if (selection?.chat !== chat.id) return composer;
  return (
    <Later from={extras} until={composer}>
      {({ SelectBar }) => <SelectBar chat={chat} selection={selection} />}
    </Later>
  );
}
