import { useState } from "react";
import { entryAt } from "../../model/chat";
import type { Chat } from "../../model/chat";
import { pinBefore, segmentsOf } from "../../model/pins";
import { may } from "../../model/roles";
import { lineOf } from "../../model/words";
import { useClient, useQuoted, useSnapshot } from "../../session/context";
import { text } from "../../text/text";
import { classes } from "../../ui/classes";
import { IconButton } from "../../ui/icon-button";
import "./pinned-bar.css";

interface PinnedBarProps {
  /** It has a pinned message at least. */
  readonly chat: Chat;
}

/** Segments that can be told apart in so small a bar. */
const segmentsMax = 4;
/** The pins that somebody hid, by their chats, as long as the page lasts; others are shown again. */
const hidden = new Map<string, string>();

/** What is pinned: the newest first, each press goes there and shows the one before. */
export function PinnedBar({ chat }: PinnedBarProps) {
  const client = useClient();
  const { store, me } = useSnapshot();
  const [chosen, setChosen] = useState(0);
  const [isHidden, setHidden] = useState(hidden.get(chat.id) ?? "");
  const { pins } = chat;
  const index = pins.includes(chosen) ? pins.indexOf(chosen) : pins.length - 1;
  const seq = pins[index] ?? 0;
  const entry = entryAt(chat, seq);
  useQuoted(chat.id, seq, entry);
  if (isHidden === pins.join()) return null;
  const line = entry === null ? text("thread.quoteLoading") : lineOf(entry, store.people, me?.id ?? null);
  const title = pins.length === 1 ? text("pins.one") : text("pins.nth", { n: index + 1 });
  const segments = segmentsOf(index, pins.length, segmentsMax);
  const canPin = may(chat, "pin");

  function onPress() {
    client.show(chat.id, seq);
    setChosen(pins[pinBefore(index, pins.length)] ?? 0);
  }

  function onClose() {
    if (canPin) return client.pin(chat.id, seq, false);
    hidden.set(chat.id, pins.join());
    setHidden(pins.join());
  }

  return (
    <div className="pinned-bar" role="region" aria-label={text("pins.label")} data-testid="pinned-bar">
      <button type="button" className="pinned-bar__pin" aria-label={text("pins.to", { words: line })} onClick={onPress}>
        <span className="pinned-bar__segments">
          {Array.from({ length: segments.count }, (_, place) => (
            <span
              key={place}
              className={classes("pinned-bar__segment", segments.first + place === index && "pinned-bar__segment--on")}
            />
          ))}
        </span>
        <span className="pinned-bar__text">
          <span className="pinned-bar__title">{title}</span>
          <span className="pinned-bar__line" dir="auto" data-testid="pinned-line">{line}</span>
        </span>
      </button>
      <IconButton icon="close" label={text(canPin ? "pins.unpin" : "pins.hide")} onPress={onClose} />
    </div>
  );
}
