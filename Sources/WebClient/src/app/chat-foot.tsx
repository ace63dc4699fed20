import { useEffect } from "react";
import type { Chat } from "../model/chat";
import { Composer } from "../features/composer/composer";
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
  const composer = <Composer chat={chat.id} />;
  if (selection?.chat !== chat.id) return composer;
  return (
    <Later from={extras} until={composer}>
      {({ SelectBar }) => <SelectBar chat={chat} selection={selection} />}
    </Later>
  );
}
