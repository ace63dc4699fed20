// Escape lets go of what is being answered or changed, wherever the focus is: before anything else that Escape closes.

import { useEffect, useRef } from "react";
import type { Chat } from "../../model/chat";
import { placeOf } from "../../model/chat";
import { editMilliseconds } from "../../model/rows";
import type { AccountId } from "../../protocol/ids";

/** `cancel` is what to do at Escape; null while nothing is answered. */
export function useEscape(cancel: (() => void) | null): void {
  const latest = useRef(cancel);
  latest.current = cancel;
  // Keys outside of the field are the document's to tell, before the page hears them.
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || latest.current === null) return;
      if (document.querySelector("dialog[open], [role=menu]") !== null) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

/** My newest message that is here, if it may still be changed; 0 for none. */
export function lastEditable({ entries }: Pick<Chat, "entries">, me: AccountId | null, now: number): number {
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (entry === undefined || entry.kind !== "text" || entry.from !== me || entry.origin !== undefined) continue;
    return now - entry.ts < editMilliseconds ? entry.seq : 0;
  }
  return 0;
}

/**
 * The message that is answered when one goes a message up or down from the one answered now: upwards from none
 * it is the newest, downwards from the newest none (0). Only messages that are here are walked.
 */
export function nextReply({ entries }: Pick<Chat, "entries">, replyTo: number, step: 1 | -1): number {
  if (replyTo === 0 && step === 1) return 0;
  const above = (replyTo === 0 ? entries.length : placeOf(entries, replyTo)) - 1;
  const first = step === 1 ? placeOf(entries, replyTo + 1) : above;
  for (let index = first; index >= 0 && index < entries.length; index += step) {
    const entry = entries[index];
    if (entry?.kind === "text") return entry.seq;
  }
  return step === 1 ? 0 : replyTo;
}
