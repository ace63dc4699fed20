import { useEffect, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import type { ChatId } from "../../protocol/ids";
import { useClient, useSnapshot } from "../../session/context";
import { charactersMax, charactersOf, messageText } from "../../model/message-text";
import { readDraft, saveDraft, saveReply, useReply, writeDrafts } from "../../session/drafts";
import { classes } from "../../ui/classes";
import { IconButton } from "../../ui/icon-button";
import { preferences } from "../../ui/preferences";
import { text as words } from "../../text/text";
import { FormatBar } from "./format-bar";
import { ReplyBar } from "./reply-bar";
import { useFocusHere } from "./use-focus-here";
import { nextReply, useEscape } from "./use-reply-keys";
import "./composer.css";

interface ComposerProps {
  readonly chat: ChatId;
}

const hasTouch = matchMedia("(pointer: coarse)").matches;
/** The code of a key that an input method takes; some browsers say it by this alone. */
const composingKeyCode = 229;
/** A longer text scrolls in the field instead of giving it its height: it would be laid out twice. */
const grownCharactersMax = 8_000;

/** Where a message is written. Give it the chat's id as key, so that each chat has its own draft. */
export function Composer({ chat }: ComposerProps) {
  const client = useClient();
  const { session, store } = useSnapshot();
  const [text, setText] = useState(() => readDraft(chat));
  const replyTo = useReply(chat);
  const known = store.chats[chat];
  const input = useRef<HTMLTextAreaElement>(null);
  const message = messageText(text);
  const over = charactersOf(message) - charactersMax;
  const canSend = message !== "" && over <= 0;
  const isLong = text.length > grownCharactersMax;

  useFocusHere(input);
  useEscape(replyTo === 0 ? null : () => saveReply(chat, 0));

  // What another tab writes, unless somebody writes here. Storage tells of it by an event.
  useEffect(() => {
    const onStorage = () => {
      if (document.activeElement !== input.current || !document.hasFocus()) setText(readDraft(chat));
    };
    addEventListener("storage", onStorage);
    return () => {
      removeEventListener("storage", onStorage);
      writeDrafts();
    };
  }, [chat]);

  function edit(value: string) {
    setText(value);
    saveDraft(chat, value);
  }

  function cancel() {
    saveReply(chat, 0);
    input.current?.focus();
  }

  function send() {
    if (!canSend) return;
    client.send(chat, message, replyTo);
    saveReply(chat, 0);
    edit("");
    input.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (isWalk(event) && text === "" && known !== undefined) {
      event.preventDefault();
      const next = nextReply(known, replyTo, event.key === "ArrowUp" ? -1 : 1);
      saveReply(chat, next);
      if (next !== 0) client.show(chat, next);
      return;
    }
    const isPlainEnter = event.key === "Enter" && !event.shiftKey && !event.altKey;
    if (!isPlainEnter || event.nativeEvent.isComposing || event.keyCode === composingKeyCode) return;
    const needsCommand = hasTouch || preferences().sendKey === "ctrlEnter";
    if (needsCommand && !event.ctrlKey && !event.metaKey) return;
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
          {words("composer.tooLong", { n: over })}
        </p>
      )}
      {session.held.includes(chat) && (
        <p className="composer__note" role="status">
          {words("composer.held")}
        </p>
      )}
      <div className="composer__row">
        <div className="composer__box">
          {replyTo !== 0 && known !== undefined && (
            <ReplyBar chat={known} seq={replyTo} onCancel={cancel} />
          )}
          <div className="composer__field" data-text={isLong ? "" : text}>
            <textarea
              ref={input}
              className={classes("composer__input", isLong && "composer__input--long")}
              data-composer
              rows={1}
              placeholder={words("composer.message")}
              dir="auto"
              aria-label={words("composer.message")}
              value={text}
              onChange={(event) => edit(event.currentTarget.value)}
              onKeyDown={onKeyDown}
            />
          </div>
          <FormatBar input={input} onEdit={edit} />
        </div>
        <IconButton icon="send" label={words("composer.send")} look="lifted" isDisabled={!canSend} onPress={send} />
      </div>
    </form>
  );
}

/** Ctrl or Command and an arrow up or down: to another message to answer. */
function isWalk({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return (key === "ArrowUp" || key === "ArrowDown") && (ctrlKey || metaKey) && !altKey && !shiftKey;
}
