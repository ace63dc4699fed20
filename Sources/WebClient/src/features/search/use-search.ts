// What a search finds, page by page: asked a moment after the last letter, and never shown for other words.

import { useEffect, useRef, useState } from "react";
import type { FoundMessage } from "../../protocol/http-types";
import type { ChatId } from "../../protocol/ids";
import { useClient } from "../../session/context";
import { wordsFor } from "../../session/words";

/** Milliseconds after the last letter. */
const pause = 250;

export interface Found {
  /** The newest first. */
  readonly hits: readonly FoundMessage[];
  readonly next: string | null;
  readonly isPartial: boolean;
  readonly isBusy: boolean;
  /** Why there is no answer, in words. */
  readonly problem: string | null;
}

const nothing: Found = { hits: [], next: null, isPartial: false, isBusy: false, problem: null };

/** The messages of `chat`, or of all chats, that have `words`; `more` asks for the next page. */
export function useSearch(chat: ChatId | null, words: string): { readonly found: Found; readonly more: () => void } {
  const client = useClient();
  const [found, setFound] = useState(nothing);
  const turn = useRef(0);

  function ask(cursor: string | null, before: readonly FoundMessage[]) {
    const mine = turn.current;
    setFound((known) => ({ ...known, isBusy: true, problem: null }));
    client.api.search(chat, words, cursor).then(
      ({ hits, next, isPartial }) => {
        if (mine !== turn.current) return;
        setFound({ hits: [...before, ...hits], next, isPartial, isBusy: false, problem: null });
        client.needPeople(hits.flatMap(({ entry }) => (entry.from === null ? [] : [entry.from])));
      },
      (error: unknown) => {
        if (mine === turn.current) setFound({ ...nothing, hits: before, problem: wordsFor(error) });
      },
    );
  }

  // The cluster is asked when somebody stops typing, which is the clock's to tell.
  useEffect(() => {
    turn.current += 1;
    if (words.trim() === "") {
      setFound(nothing);
      return;
    }
    setFound((known) => ({ ...known, isBusy: true }));
    const timer = window.setTimeout(() => ask(null, []), pause);
    return () => window.clearTimeout(timer);
  }, [client, chat, words]);

  // A page may be empty and have a next one: there was much to look through.
  const isShort = !found.isBusy && found.problem === null && found.hits.length === 0 && found.next !== null;
  // That one came is the cluster's to tell.
  useEffect(() => {
    if (isShort) ask(found.next, []);
  }, [isShort, found.next]);

  return { found, more: () => found.next !== null && !found.isBusy && ask(found.next, found.hits) };
}
