import { useId, useState } from "react";
import type { KeyboardEvent } from "react";
import { chatsNamed } from "../../model/store";
import { titleOf } from "../../model/words";
import type { ChatId } from "../../protocol/ids";
import { useOrderedChats } from "../../session/context";
import { text } from "../../text/text";
import { Avatar } from "../../ui/avatar";
import { classes } from "../../ui/classes";
import { Dialog } from "../../ui/dialog";
import "./palette.css";

interface PaletteProps {
  readonly onClose: () => void;
  readonly onOpen: (chat: ChatId) => void;
}

const shownMax = 9;

/** A field that goes to a chat by a few letters of its name: arrows choose, Enter opens. */
export function Palette({ onClose, onOpen }: PaletteProps) {
  const [wanted, setWanted] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const chats = chatsNamed(useOrderedChats(null), wanted).slice(0, shownMax);
  const chosen = chats[Math.min(at, chats.length - 1)];

  function onKeyDown(event: KeyboardEvent) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && chats.length > 0) {
      event.preventDefault();
      setAt((at + step + chats.length) % chats.length);
    }
    if (event.key === "Enter" && !event.nativeEvent.isComposing && chosen !== undefined) {
      event.preventDefault();
      onOpen(chosen.id);
    }
  }

  return (
    <Dialog title={text("palette.title")} onClose={onClose}>
      <input
        className="palette__field"
        type="text"
        role="combobox"
        aria-label={text("palette.field")}
        aria-expanded={chats.length > 0}
        aria-controls={id}
        aria-activedescendant={chosen === undefined ? undefined : `${id}-${chosen.id}`}
        placeholder={text("palette.field")}
        data-first
        autoFocus
        value={wanted}
        onChange={(event) => {
          setWanted(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul className="palette__chats" role="listbox" id={id} aria-label={text("chats.label")}>
        {chats.map((chat) => (
          <li
            key={chat.id}
            id={`${id}-${chat.id}`}
            role="option"
            aria-selected={chat === chosen}
            className={classes("palette__chat", chat === chosen && "palette__chat--chosen")}
            onClick={() => onOpen(chat.id)}
          >
            <Avatar id={chat.id} name={titleOf(chat)} size="medium" />
            <span className="palette__text">
              <span className="palette__name">{titleOf(chat)}</span>
              <span className="palette__full">{chat.fullName}</span>
            </span>
          </li>
        ))}
      </ul>
      {chats.length === 0 && <p role="status">{text("palette.none")}</p>}
    </Dialog>
  );
}
