import type { ReactNode } from "react";
import type { Chat } from "../../model/chat";
import { useSnapshot } from "../../session/context";
import { useTypists } from "../../session/use-board";
import { TypingLine } from "./typing-line";

interface RowTypingProps {
  readonly chat: Chat;
  /** What is said while nobody types. */
  readonly otherwise: ReactNode;
}

/** What a row of the list says below the name: that somebody types comes before everything else. */
export function RowTyping({ chat, otherwise }: RowTypingProps) {
  const { store } = useSnapshot();
  const typists = useTypists(chat.id);
  if (typists.length === 0) return <>{otherwise}</>;
  return <TypingLine typists={typists} people={store.people} isAlone={chat.kind === "direct"} />;
}
