// What one is told of while one is elsewhere: by one tab for all, in the page, by a sound, and by the browser where
// nobody looks at the page.

import { useEffect, useRef, useState } from "react";
import { watchChats } from "../model/alerts";
import type { Alert, Watch } from "../model/alerts";
import type { Chat } from "../model/chat";
import { isMuted } from "../model/mutes";
import { previewOf } from "../model/words";
import type { ChatId } from "../protocol/ids";
import { useSnapshot } from "../session/context";
import { useMutes } from "../session/mutes";
import { isSpeaker } from "../session/speaker";
import { text } from "../text/text";
import { usePreferences } from "../ui/preferences";
import { playSound } from "../ui/sound";
import { SystemNotes } from "./system-notes";

const none: readonly Alert[] = [];

/** What is to be shown; `open` is the chat that is open, if one is. */
export function useAlerts(open: ChatId | null, onOpen: (chat: ChatId) => void): readonly Alert[] {
  const { store, me, session } = useSnapshot();
  const { hasAlerts, hasSound, hasPreview } = usePreferences();
  const mutes = useMutes();
  const watch = useRef<Watch | null>(null);
  const [notes] = useState(() => new SystemNotes());
  const [alerts, setAlerts] = useState(none);
  const latest = useRef(onOpen);
  latest.current = onOpen;
  const isLive = session.phase === "live";
  // Messages come by the store; a sound and the browser's notes are outside of the page.
  useEffect(() => {
    if (watch.current === null && !isLive) return;
    const isLooking = document.visibilityState === "visible" && document.hasFocus();
    const isQuiet = ({ id }: Chat) =>
      !hasAlerts || isMuted(mutes, id, Date.now()) || (id === open && isLooking);
    const { watch: next, fresh } = watchChats(watch.current, store.chats, me?.id ?? null, isQuiet);
    const isOurs = isSpeaker();
    watch.current = isOurs ? next : { ...next, alerts: none };
    setAlerts(watch.current.alerts);
    notes.keep(watch.current.alerts);
    if (!isOurs || fresh.length === 0) return;
    if (hasSound) playSound();
    if (isLooking) return;
    for (const { chat, entry } of fresh) {
      const { sender, text: words } = previewOf(entry, store.people, me?.id ?? null);
      const line = text("entry.sender", { name: sender ?? "" }) + (hasPreview ? words : text("alerts.hidden"));
      notes.show(chat, store.chats[chat]?.name ?? "", line, () => latest.current(chat));
    }
  }, [store, me, mutes, open, isLive, hasAlerts, hasSound, hasPreview, notes]);
  return alerts;
}
