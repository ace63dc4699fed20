// Pages of history: from the archive where it has what comes right before, else from the cluster.

import type { Entry } from "../protocol/frames";
import type { HistoryPage } from "../protocol/http-types";
import type { ChatId } from "../protocol/ids";
import { pageEntriesMax } from "./api";
import type { Api } from "./api";
import type { Archive } from "./archive";
import type { View } from "./messages";

/** What the loader sees and changes. */
export interface HistoryPort {
  readonly view: () => View;
  readonly epochOf: (chat: ChatId) => number | null;
  readonly set: (part: Partial<View>) => void;
  readonly onPage: (chat: ChatId, page: HistoryPage) => void;
  /** A page of one entry that others answer. */
  readonly onQuoted: (chat: ChatId, page: HistoryPage) => void;
  readonly onRefused: (error: unknown) => void;
}

/** Single entries that are on their way at once. */
const quotesAtOnce = 4;

export class History {
  /** The single entries that are on their way or wait for their turn. */
  private readonly quotes = new Set<string>();
  private readonly waiting: (() => void)[] = [];
  private free = quotesAtOnce;

  constructor(
    private readonly api: Pick<Api, "history">,
    private readonly archive: Pick<Archive, "entries">,
    private readonly port: HistoryPort,
  ) {}

  /** Loads the page before entry `before`, unless one is on its way or was refused. */
  async load(chat: ChatId, before: number): Promise<void> {
    const { loading, refused } = this.port.view();
    if (loading[chat] === true) return;
    // Whoever asked believes that it is loading: it is told that it is not.
    if (refused[chat] === true) return this.port.set({ loading });
    this.mark(chat, true);
    try {
      this.port.onPage(chat, (await this.kept(chat, before)) ?? (await this.api.history(chat, before)));
    } catch (error) {
      this.port.set({ refused: { ...this.port.view().refused, [chat]: true } });
      this.port.onRefused(error);
    } finally {
      this.mark(chat, false);
    }
  }

  /** Loads the entry `seq` alone, which others answer, unless it is on its way. */
  async quote(chat: ChatId, seq: number): Promise<void> {
    const epoch = this.port.epochOf(chat);
    const key = `${chat} ${seq}`;
    if (epoch === null || this.quotes.has(key)) return;
    this.quotes.add(key);
    try {
      await this.turn();
      const kept = await this.archive.entries(chat, epoch, seq, seq);
      const page = { epoch, entries: kept, head: { seq: 0, n: 0 } };
      this.port.onQuoted(chat, kept.length > 0 ? page : await this.api.history(chat, seq + 1, 1));
    } catch {
      // Its place stays empty; it is asked for again when the session is live anew.
    } finally {
      this.quotes.delete(key);
      const next = this.waiting.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }

  /** Waits until fewer than the most that may be are on their way; who ends lets the next go in its place. */
  private async turn(): Promise<void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** What was refused may be asked again: of one chat, or of all. */
  forgive(chat: ChatId | null): void {
    const { refused } = this.port.view();
    const { [chat ?? ""]: _, ...others } = refused;
    const left = chat === null ? {} : others;
    if (Object.keys(left).length < Object.keys(refused).length) this.port.set({ refused: left });
  }

  private mark(chat: ChatId, isLoading: boolean): void {
    const { [chat]: _, ...others } = this.port.view().loading;
    this.port.set({ loading: isLoading ? { ...others, [chat]: true } : others });
  }

  /** The page from the archive; null when what comes right before is not there. */
  private async kept(chat: ChatId, before: number): Promise<HistoryPage | null> {
    const epoch = this.port.epochOf(chat);
    if (epoch === null) return null;
    const entries = denseEnd(await this.archive.entries(chat, epoch, before - pageEntriesMax, before - 1), before);
    const last = entries[entries.length - 1];
    return last === undefined ? null : { epoch, entries, head: { seq: last.seq, n: last.n } };
  }
}

/** The entries that end right before `before`, without a hole between them. */
export function denseEnd(entries: readonly Entry[], before: number): readonly Entry[] {
  let start = entries.length;
  for (let wanted = before - 1; start > 0 && entries[start - 1]?.seq === wanted; wanted -= 1) start -= 1;
  return entries.slice(start);
}
