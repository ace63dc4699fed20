// What a row of a thread can ask the thread to do.

import { createContext } from "react";
import type { TextEntry } from "../../protocol/frames";
import type { ChatId } from "../../protocol/ids";

export interface ThreadActs {
  readonly chat: ChatId | null;
  /** Goes to the message `seq`, which the message `from` answers; back from there leads to that. */
  readonly jump: (seq: number, from: number) => void;
  /** What is written next answers the message `seq`. */
  readonly reply: (seq: number) => void;
  /** The words of the message `seq` go into the composer, to be changed. */
  readonly edit: (seq: number) => void;
  /** Says the first of the quick emoji of a message, or takes it back. */
  readonly react: (entry: TextEntry) => void;
}

export const ThreadActsContext = createContext<ThreadActs>({
  chat: null,
  jump: () => undefined,
  reply: () => undefined,
  edit: () => undefined,
  react: () => undefined,
});
