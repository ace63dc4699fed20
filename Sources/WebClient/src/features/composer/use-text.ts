// What stands in the composer: the draft of the chat, or the words of a message of mine that are being changed. The
// draft waits meanwhile.

import { useEffect, useState } from "react";
import type { RefObject } from "react";
import { isErased } from "../../model/changes";
import { entryAt } from "../../model/chat";
import type { Chat } from "../../model/chat";
import type { ChatId } from "../../protocol/ids";
import { useSnapshot } from "../../session/context";
import { readDraft, saveDraft, writeDrafts } from "../../session/drafts";
import { saveEdit, useEditing } from "../../session/editing";

export interface ComposerText {
  readonly text: string;
  /** The number of the message that is changed; 0 for none. */
  readonly edits: number;
  /** What that message says now. */
  readonly before: string;
  readonly write: (value: string) => void;
  /** The message stays as it is, and the draft is there again. */
  readonly endEdit: () => void;
}

export function useText(chat: ChatId, known: Chat | undefined, input: RefObject<HTMLElement>): ComposerText {
  const [draft, setDraft] = useState(() => readDraft(chat));
  const editing = useEditing(chat);
  const edited = editing === null || known === undefined ? null : entryAt(known, editing.seq);
  const { outbox } = useSnapshot().session;
  // An edit that waits is what the message shows.
  const waiting = [...outbox].reverse().find((item) => item.chat === chat && item.edits === editing?.seq);
  const isWaiting = editing !== null && waiting !== undefined && waiting.state !== "failed";
  const before = isWaiting ? waiting.text : edited?.kind === "text" ? edited.text : "";
  // A message that was deleted meanwhile has no words to change.
  const isGone = isErased(edited);

  // What another tab writes, unless somebody writes here. Storage tells of it by an event.
  useEffect(() => {
    const onStorage = () => {
      if (document.activeElement !== input.current || !document.hasFocus()) setDraft(readDraft(chat));
    };
    addEventListener("storage", onStorage);
    return () => {
      removeEventListener("storage", onStorage);
      writeDrafts();
    };
  }, [chat, input]);

  function write(value: string) {
    if (editing !== null && !isGone) return saveEdit(chat, { ...editing, text: value });
    setDraft(value);
    saveDraft(chat, value);
  }

  return {
    text: editing === null || isGone ? draft : editing.text ?? before,
    edits: isGone ? 0 : editing?.seq ?? 0,
    before,
    write,
    endEdit: () => saveEdit(chat, null),
  };
}
