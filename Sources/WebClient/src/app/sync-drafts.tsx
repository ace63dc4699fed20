import { useEffect, useRef, useState } from "react";
import { isChatId } from "../protocol/ids";
import type { ChatId } from "../protocol/ids";
import { useClient, useSnapshot } from "../session/context";
import type { Api } from "../session/api";
import { DraftSync } from "../session/draft-sync";
import type { DraftPort } from "../session/draft-sync";
import { readDraft, readReply, useDrafts } from "../session/drafts";
import type { Drafts } from "../session/drafts";
import { putDraft, readShared, saveShared, sharedChats } from "../session/shared-drafts";
import { isSpeaker } from "../session/speaker";
import { useBoard } from "../session/use-board";

interface SyncDraftsProps {
  readonly openChat: ChatId | null;
}

/** Keeps what was begun in this browser and what was begun on the account's other devices the same. */
export function SyncDrafts({ openChat }: SyncDraftsProps) {
  const client = useClient();
  // It says from now on whether this page is in use.
  useBoard();
  const { store, session } = useSnapshot();
  const drafts = useDrafts();
  const open = useRef(openChat);
  open.current = openChat;
  const written = useRef(drafts);
  written.current = drafts;
  const [looks, setLooks] = useState(0);
  const [sync] = useState(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (milliseconds: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => setLooks((count) => count + 1), milliseconds);
    };
    return new DraftSync(portOf(client.api, () => open.current, () => written.current, later));
  });
  const heard = useRef<Readonly<Record<string, number>>>({});
  const isLive = session.phase === "live";
  // What others wrote is the cluster's to tell.
  useEffect(() => void sync.connect(isLive), [sync, isLive]);
  // The inbox says of which chats.
  useEffect(() => {
    const before = heard.current;
    heard.current = store.drafted;
    for (const [chat, seq] of Object.entries(store.drafted)) {
      if (before[chat] !== seq && isChatId(chat)) void sync.hear(chat);
    }
  }, [sync, store.drafted]);
  // What is written here lies in the storage, and what is due is so by the clock.
  useEffect(() => sync.look(openChat), [sync, drafts, openChat, isLive, looks]);
  return null;
}

function portOf(api: Api, open: () => ChatId | null, drafts: () => Drafts, later: DraftPort["later"]): DraftPort {
  return {
    fetch: (chat) => api.drafts(chat),
    save: (chat, draft) => api.saveDraft(chat, draft.text, draft.replyTo),
    chats: () => [...new Set([...Object.keys(drafts()).filter(isChatId), ...sharedChats()])],
    read: (chat) => ({ text: readDraft(chat), replyTo: readReply(chat) }),
    write: (chat, draft, ts) => putDraft(chat, { ...draft, ts }),
    shared: readShared,
    share: saveShared,
    isTyping: (chat) => chat === open() && isWriting(),
    isSpeaker,
    now: Date.now,
    later,
  };
}

function isWriting(): boolean {
  const { activeElement } = document;
  return document.hasFocus() && activeElement instanceof HTMLTextAreaElement && activeElement.value !== "";
}
