import { useEffect, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import type { ChatId } from "../../protocol/ids";
import { useClient, useSnapshot } from "../../session/context";
import { readDraft, saveDraft } from "../../session/drafts";
import { classes } from "../../ui/classes";
import { IconButton } from "../../ui/icon-button";
import "./composer.css";

interface ComposerProps {
  readonly chat: ChatId;
}

const charactersMax = 4096;
const hasTouch = matchMedia("(pointer: coarse)").matches;

/** Where a message is written. Give it the chat's id as key, so that each chat has its own draft. */
export function Composer({ chat }: ComposerProps) {
  const client = useClient();
  const { session } = useSnapshot();
  const [text, setText] = useState(() => readDraft(chat));
  const input = useRef<HTMLTextAreaElement>(null);
  const over = [...text].length - charactersMax;
  const canSend = text.trim() !== "" && over <= 0;

  // Typing anywhere on the page writes here; the page's keys are the document's to tell.
  useEffect(() => {
    if (!hasTouch) input.current?.focus();
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.activeElement === null || document.activeElement === document.body) {
        input.current?.focus();
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);

  function edit(value: string) {
    setText(value);
    saveDraft(chat, value);
  }

  function send() {
    if (!canSend) return;
    client.send(chat, text.trim());
    edit("");
    input.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    const isPlainEnter = event.key === "Enter" && !event.shiftKey && !event.altKey;
    if (!isPlainEnter || event.nativeEvent.isComposing) return;
    if (hasTouch && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {over > 0 && (
        <p className={classes("composer__note", "composer__note--wrong")} role="alert">
          This message is {over} characters too long.
        </p>
      )}
      {session.held.includes(chat) && (
        <p className="composer__note" role="status">
          The cluster does not answer. Your messages wait here and go as soon as it does.
        </p>
      )}
      <div className="composer__row">
        <div className="composer__field" data-text={text}>
          <textarea
            ref={input}
            className="composer__input"
            rows={1}
            placeholder="Message"
            aria-label="Message"
            value={text}
            onChange={(event) => edit(event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
        </div>
        <IconButton icon="send" label="Send" isFilled isDisabled={!canSend} onPress={send} />
      </div>
    </form>
  );
}
