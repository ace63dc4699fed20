import { useEffect, useRef, useState } from "react";
import type { FormEvent } from "react";
import type { Alert } from "../../model/alerts";
import { charactersMax, messageText } from "../../model/message-text";
import { previewOf } from "../../model/words";
import { useClient, useSnapshot } from "../../session/context";
import { text } from "../../text/text";
import { Avatar } from "../../ui/avatar";
import { focusComposer } from "../../ui/focus-composer";
import { IconButton } from "../../ui/icon-button";
import { usePreferences } from "../../ui/preferences";
import "./alert-card.css";

interface AlertCardProps {
  readonly alert: Alert;
  readonly onOpen: () => void;
  readonly onDismiss: () => void;
}

const stayMilliseconds = 6_000;

/** A message of another chat: who wrote what, a press that goes there, and a field to answer from here. */
export function AlertCard({ alert, onOpen, onDismiss }: AlertCardProps) {
  const client = useClient();
  const { store, me } = useSnapshot();
  const { hasPreview } = usePreferences();
  const [answer, setAnswer] = useState("");
  const [isHeld, setHeld] = useState(false);
  const latest = useRef(onDismiss);
  latest.current = onDismiss;
  const stays = isHeld || answer !== "";
  // It goes by itself, unless somebody is at it or nobody sees it.
  useEffect(() => {
    if (stays) return;
    const timer = setInterval(() => !document.hidden && latest.current(), stayMilliseconds);
    return () => clearInterval(timer);
  }, [alert, stays]);

  const name = store.chats[alert.chat]?.name ?? "";
  const { sender, text: words } = previewOf(alert.entry, store.people, me?.id ?? null);

  function send(event: FormEvent) {
    event.preventDefault();
    const message = messageText(answer);
    if (message === "") return;
    client.send(alert.chat, message, 0);
    onDismiss();
    focusComposer();
  }

  return (
    <article
      className="alert-card"
      data-testid="alert"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onDismiss();
        focusComposer();
      }}
    >
      <button type="button" className="alert-card__open" onClick={onOpen}>
        <Avatar id={alert.chat} name={name} size="medium" />
        <span className="alert-card__text">
          <span className="alert-card__title" dir="auto">
            {name}
          </span>
          <span className="alert-card__line" dir="auto">
            {text("entry.sender", { name: sender ?? "" })}
            {hasPreview ? words : text("alerts.hidden")}
          </span>
        </span>
      </button>
      <IconButton icon="close" label={text("alerts.dismiss")} onPress={onDismiss} />
      <form className="alert-card__form" onSubmit={send}>
        <input
          className="alert-card__answer"
          dir="auto"
          maxLength={charactersMax}
          placeholder={text("alerts.answer")}
          aria-label={text("alerts.answerIn", { name })}
          value={answer}
          onChange={(event) => setAnswer(event.currentTarget.value)}
        />
        <IconButton icon="reply" label={text("alerts.answer")} isSubmit isDisabled={messageText(answer) === ""} />
      </form>
    </article>
  );
}
