import type { KeyboardEvent } from "react";
import type { ChatId } from "../../protocol/ids";
import { text } from "../../text/text";
import { HitRow } from "./hit-row";
import { useSearch } from "./use-search";
import "./message-hits.css";

interface MessageHitsProps {
  readonly words: string;
  readonly onOpen: (chat: ChatId, seq: number) => void;
}

/** The messages of all chats that have the words of the search, the newest first. */
export function MessageHits({ words, onOpen }: MessageHitsProps) {
  const { found, more } = useSearch(null, words);
  const { hits, next, isPartial, isBusy, problem } = found;
  const state =
    problem ?? (isBusy ? text("search.busy") : hits.length === 0 && next === null ? text("search.none") : "");

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    const rows = [...event.currentTarget.querySelectorAll("button")];
    const at = rows.findIndex((row) => row === document.activeElement);
    rows[at + step]?.focus();
    event.preventDefault();
  }

  return (
    <section className="message-hits" aria-label={text("search.messages")} onKeyDown={onKeyDown}>
      <h2 className="message-hits__title">{text("search.messages")}</h2>
      <ul className="message-hits__list" data-testid="hits">
        {hits.map((hit) => (
          <HitRow
            key={`${hit.chat} ${hit.entry.seq}`}
            hit={hit}
            onOpen={() => onOpen(hit.chat, hit.entry.seq)}
          />
        ))}
      </ul>
      {next !== null && hits.length > 0 && (
        <button type="button" className="message-hits__more" disabled={isBusy} onClick={more}>
          {text("search.more")}
        </button>
      )}
      <p className="message-hits__state" role="status">
        {state}
        {isPartial && text("search.partial")}
      </p>
    </section>
  );
}
