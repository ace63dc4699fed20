import { useEffect, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import type { ChatId } from "../../protocol/ids";
import { useClient } from "../../session/context";
import { number, text } from "../../text/text";
import { IconButton } from "../../ui/icon-button";
import { useHighlights } from "./use-highlights";
import { useSearch } from "./use-search";
import "./chat-search.css";

interface ChatSearchProps {
  readonly chat: ChatId;
  readonly onClose: () => void;
}

/** The bar that finds messages in the open chat and goes from one to the next. */
export function ChatSearch({ chat, onClose }: ChatSearchProps) {
  const client = useClient();
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const { found, more } = useSearch(chat, words);
  const { hits, next, isBusy, problem } = found;
  const seq = hits[at]?.entry.seq ?? 0;
  useHighlights(hits);

  // The thread goes where the bar is; its position is the document's.
  useEffect(() => {
    if (seq !== 0) client.show(chat, seq);
  }, [client, chat, seq]);

  function go(by: 1 | -1) {
    const place = at + by;
    if (place >= 0 && place < hits.length) setAt(place);
    // The next page before one has come to the end of this.
    if (place >= hits.length - 2) more();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter" || event.key === "ArrowUp" || event.key === "ArrowDown") {
      go(event.key === "ArrowDown" || event.shiftKey ? -1 : 1);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const places = { n: number(at + 1), all: number(hits.length) };
  const state =
    problem ??
    (hits.length > 0
      ? text(next === null ? "search.count" : "search.countMore", places)
      : isBusy
        ? text("search.busy")
        : words.trim() === ""
          ? ""
          : text("search.none"));
  return (
    <div role="search" className="chat-search" onKeyDown={onKeyDown}>
      <input
        ref={field}
        className="chat-search__field"
        type="search"
        data-find
        autoFocus
        enterKeyHint="search"
        aria-label={text("search.open")}
        placeholder={text("search.open")}
        value={words}
        onChange={(event) => {
          setWords(event.currentTarget.value);
          setAt(0);
        }}
      />
      <span className="chat-search__state" role="status" data-testid="search-state">
        {state}
      </span>
      <IconButton
        icon="up"
        label={text("search.older")}
        isDisabled={at + 1 >= hits.length}
        onPress={() => go(1)}
      />
      <IconButton icon="down" label={text("search.newer")} isDisabled={at === 0} onPress={() => go(-1)} />
      <IconButton icon="close" label={text("search.close")} onPress={onClose} />
    </div>
  );
}
