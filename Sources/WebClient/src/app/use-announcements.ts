// What a screen reader hears of the open chat: the messages of others as they come, and only these. The
// thread itself is no live region: history that loads would be read out, too.

import { useEffect, useRef, useState } from "react";
import type { Chat, People } from "../model/chat";
import { previewOf } from "../model/words";
import type { AccountId } from "../protocol/ids";
import { text } from "../text/text";

/** More at once than this are counted, not read. */
const readMax = 3;

export function useAnnouncements(chat: Chat | null, people: People, me: AccountId | null): string {
  const seen = useRef<{ readonly id: string; readonly seq: number } | null>(null);
  const [said, setSaid] = useState("");
  // A message came, which is the chat's to tell; the region says it once.
  useEffect(() => {
    const before = seen.current;
    seen.current = chat === null ? null : { id: chat.id, seq: chat.head.seq };
    if (chat === null || before === null || before.id !== chat.id) return setSaid("");
    const fresh = chat.entries.filter((entry) => entry.seq > before.seq && entry.from !== me);
    if (fresh.length === 0) return;
    const lines = fresh.map((entry) => {
      const { sender, text: words } = previewOf(entry, people, me);
      return sender === null ? words : text("entry.sender", { name: sender }) + words;
    });
    setSaid(lines.length > readMax ? text("chats.unread", { n: lines.length }) : lines.join("\n"));
  }, [chat, people, me]);
  return said;
}
