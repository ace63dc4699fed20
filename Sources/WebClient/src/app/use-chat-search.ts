// Which chat is searched: the open one, until the search is closed.

import { useState } from "react";
import type { ChatId } from "../protocol/ids";

export interface ChatSearchState {
  readonly chat: ChatId | null;
  /** Opens the search in the open chat; open already, it is written in again. */
  readonly begin: () => void;
  readonly end: () => void;
}

export function useChatSearch(openChat: ChatId | null): ChatSearchState {
  const [searched, setSearched] = useState<ChatId | null>(null);
  function begin() {
    setSearched(openChat);
    document.querySelector<HTMLInputElement>("[data-find]")?.select();
  }
  return { chat: searched, begin, end: () => setSearched(null) };
}
