import { useRef } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { Icon } from "../../ui/icon";
import { text } from "../../text/text";
import "./search-field.css";

interface SearchFieldProps {
  readonly value: string;
  /** Something stands in the place of the hint, and the icon's. */
  readonly isCovered: boolean;
  readonly onChange: (value: string) => void;
  /** An arrow down: the hand goes on to the first hit. */
  readonly onDown: () => void;
  readonly onEnter: () => void;
  /** What covers the hint. */
  readonly children: ReactNode;
}

/** The pill in the head of the list that finds chats by their names. */
export function SearchField(props: SearchFieldProps) {
  const { value, isCovered, onChange, onDown, onEnter, children } = props;
  const field = useRef<HTMLInputElement>(null);

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    switch (event.key) {
      case "Escape":
        onChange("");
        field.current?.blur();
        break;
      case "ArrowDown":
        onDown();
        break;
      case "Enter":
        onEnter();
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  return (
    <div className="search-field">
      {!isCovered && <Icon name="search" />}
      <input
        ref={field}
        className="search-field__input"
        data-search
        type="search"
        enterKeyHint="search"
        placeholder={isCovered ? "" : text("chats.search")}
        aria-label={text("chats.searchLabel")}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {children}
    </div>
  );
}
