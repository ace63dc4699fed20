// The keys that work anywhere on the page.

import { useEffect, useRef } from "react";
import type { ChatId } from "../protocol/ids";
import { keyAction } from "./key-action";

interface KeyPort {
  readonly openChat: ChatId | null;
  /** The chats of the list, in its order. */
  readonly chats: readonly ChatId[];
  readonly onOpen: (chat: ChatId) => void;
  readonly onPalette: () => void;
  readonly onHelp: () => void;
  /** The open chat is to be searched. */
  readonly onFind: () => void;
  readonly onOut: () => void;
}

export function useKeys(port: KeyPort): void {
  const latest = useRef(port);
  latest.current = port;
  // Keys outside of a field are the document's to tell.
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const { openChat, chats, onOpen, onPalette, onHelp, onFind, onOut } = latest.current;
      const isLayered = document.querySelector("dialog[open], [role=menu]") !== null;
      const action = keyAction(event, isWriting(event.target), isLayered);
      if (action === null) return;
      switch (action.kind) {
        case "palette":
          onPalette();
          break;
        case "help":
          onHelp();
          break;
        case "find":
          if (openChat === null) return;
          onFind();
          break;
        case "search":
          document.querySelector<HTMLElement>("[data-search]")?.focus();
          break;
        case "out":
          onOut();
          break;
        case "nth":
        case "step": {
          const at = openChat === null ? -1 : chats.indexOf(openChat);
          const chat = action.kind === "nth" ? chats[action.index] : chats[at + action.by];
          if (chat !== undefined) onOpen(chat);
        }
      }
      event.preventDefault();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
