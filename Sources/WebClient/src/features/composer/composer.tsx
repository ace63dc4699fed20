import { useRef } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import type { ChatId } from "../../protocol/ids";
import { useClient, useSnapshot } from "../../session/context";
import { isErased } from "../../model/changes";
import { entryAt } from "../../model/chat";
import { charactersMax, charactersOf, messageText } from "../../model/message-text";
import { saveReply, useReply } from "../../session/drafts";
import { startEdit } from "../../session/editing";
import { classes } from "../../ui/classes";
import { IconButton } from "../../ui/icon-button";
import { preferences } from "../../ui/preferences";
import { text as words } from "../../text/text";
import type { FormatBarProps } from "./format-bar";
import { ReplyBar } from "./reply-bar";
import { useFocusHere } from "./use-focus-here";
import { lastEditable, nextReply, useEscape } from "./use-reply-keys";
import { useText } from "./use-text";
import "./composer.css";

interface ComposerProps {
  readonly chat: ChatId;
  /** The styles that what is selected can get. */
  readonly formatBar: (props: FormatBarProps) => ReactNode;
}

const hasTouch = matchMedia("(pointer: coarse)").matches;
/** The code of a key that an input method takes; some browsers say it by this alone. */
const composingKeyCode = 229;
/** A longer text scrolls in the field instead of giving it its height: it would be laid out twice. */
const grownCharactersMax = 8_000;

/** Where a message is written. Give it the chat's id as key, so that each chat has its own draft. */
export function Composer({ chat, formatBar }: ComposerProps) {
  const client = useClient();
  const { session, store, me } = useSnapshot();
  const known = store.chats[chat];
  const replies = useReply(chat);
  // What was deleted meanwhile is not answered any more.
  const replyTo = known !== undefined && isErased(entryAt(known, replies)) ? 0 : replies;
  const input = useRef<HTMLTextAreaElement>(null);
  const { text, edits, before, write, endEdit } = useText(chat, known, input);
  const message = messageText(text);
  const over = charactersOf(message) - charactersMax;
  const canSend = message !== "" && over <= 0;
  const isLong = text.length > grownCharactersMax;

  useFocusHere(input);
  useEscape(edits !== 0 || replyTo !== 0 ? cancel : null);

  /** Lets go of the edit, and of what is answered only when there is none. */
  function cancel() {
    if (edits !== 0) endEdit();
    else saveReply(chat, 0);
    input.current?.focus();
  }

  function send() {
    if (!canSend) return;
    input.current?.focus();
    if (edits !== 0) {
      if (message !== before) client.edit(chat, edits, message);
      return endEdit();
    }
    client.send(chat, message, replyTo);
    saveReply(chat, 0);
    write("");
  }

  function onKeyDown(event: KeyboardEvent) {
    if (text === "" && edits === 0 && known !== undefined) {
      const step = event.key === "ArrowUp" ? -1 : 1;
      const next = isWalk(event) ? nextReply(known, replyTo, step) : 0;
      const own = isPlainUp(event) ? lastEditable(known, me?.id ?? null, Date.now()) : 0;
      if (own !== 0) startEdit(chat, own);
      if (isWalk(event)) saveReply(chat, next);
      if (own + next !== 0) client.show(chat, own + next);
      if (own !== 0 || isWalk(event)) return event.preventDefault();
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
          {known !== undefined && edits + replyTo !== 0 && (
            <ReplyBar chat={known} seq={edits || replyTo} isEdit={edits !== 0} onCancel={cancel} />
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
              onChange={(event) => write(event.currentTarget.value)}
              onKeyDown={onKeyDown}
            />
          </div>
          {formatBar({ input, onEdit: write })}
        </div>
        <IconButton
          icon={edits === 0 ? "send" : "check"}
          label={words(edits === 0 ? "composer.send" : "composer.save")}
          look="lifted"
          isDisabled={!canSend}
          onPress={send}
        />
      </div>
    </form>
  );
}

function isPlainUp({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return key === "ArrowUp" && !ctrlKey && !metaKey && !altKey && !shiftKey;
}

/** Ctrl or Command and an arrow up or down: to another message to answer. */
function isWalk({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return (key === "ArrowUp" || key === "ArrowDown") && (ctrlKey || metaKey) && !altKey && !shiftKey;
}
