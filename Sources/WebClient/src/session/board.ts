// Who types and who is there, as one tab knows it: what its parts want to know and show, and whether the person uses
// it. A part of the chunk that is loaded later; what comes before that is said again.

import { nextEnd, stillTyping, withTypist } from "../model/typing";
import type { Typing } from "../model/typing";
import type { CompanyFrame, Presence } from "../protocol/frames";
import type { AccountId, ChatId } from "../protocol/ids";
import type { Client } from "./client";
import { TypingPace } from "./typing-pace";

/** A page without input for so long is not in use. */
const idleMilliseconds = 300_000;
/** How often that is looked at. */
const idlePause = 15_000;
/** What comes on the screen and goes again within this time is not told of. */
const watchPause = 150;

export interface Company {
  readonly typing: Typing;
  readonly people: Readonly<Record<string, Presence>>;
}

/** The one board of the page. */
let board: Board | null = null;

export function boardOf(client: Client): Board {
  board ??= new Board(client);
  return board;
}

export class Board {
  private company: Company = { typing: {}, people: {} };
  private readonly listeners = new Set<() => void>();
  /** How many parts of the page want to know of each account. */
  private readonly wanted = new Map<AccountId, number>();
  private readonly tab = crypto.getRandomValues(new Uint32Array(4)).join("-");
  private lastInput = Date.now();
  /** Whether this tab says soon what is on its screen. */
  private isTelling = false;
  private endTimer: ReturnType<typeof setTimeout> | undefined;
  private told = "";
  private readonly pace = new TypingPace();
  private sentHere = 0;

  constructor(private readonly client: Client) {
    client.onCompany = (frame) => (frame === null ? this.tell(true) : this.hear(frame));
    client.subscribe(() => this.look());
    document.addEventListener("visibilitychange", () => this.tell());
    addEventListener("pagehide", () => this.tell(true, false));
    addEventListener("pageshow", () => this.tell());
    for (const event of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
      addEventListener(event, () => this.touch(), { passive: true, capture: true });
    }
    setInterval(() => this.tell(), idlePause);
    this.tell();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly current = (): Company => this.company;

  /** A part of the page wants to know of these until it calls what this returns. */
  watch(accounts: readonly AccountId[]): () => void {
    this.count(accounts, 1);
    return () => this.count(accounts, -1);
  }

  /** The person writes in `chat`. */
  type(chat: ChatId): void {
    if (this.pace.says(chat, Date.now())) this.client.tell({ kind: "typing", chat });
  }

  /** Nothing is written any more: the next letter is news. */
  stop(): void {
    this.pace.stop();
  }

  private touch(): void {
    const wasIdle = Date.now() - this.lastInput >= idleMilliseconds;
    this.lastInput = Date.now();
    if (wasIdle) this.tell();
  }

  private count(accounts: readonly AccountId[], step: number): void {
    for (const account of accounts) {
      const count = (this.wanted.get(account) ?? 0) + step;
      if (count > 0) this.wanted.set(account, count);
      else this.wanted.delete(account);
    }
    if (this.isTelling) return;
    this.isTelling = true;
    setTimeout(() => {
      this.isTelling = false;
      this.tell();
    }, watchPause);
  }

  /** Says how this tab is, if that is news. */
  private tell(isAgain = false, isHere = true): void {
    const isSeen = isHere && document.visibilityState === "visible";
    const isActive = isSeen && Date.now() - this.lastInput < idleMilliseconds;
    const accounts = isHere ? [...this.wanted.keys()].sort() : [];
    const text = `${isActive} ${accounts.join()}`;
    if (text === this.told && !isAgain) return;
    this.told = text;
    this.client.tell({ kind: "company", tab: this.tab, isActive, accounts });
  }

  private hear(frame: CompanyFrame): void {
    if (frame.kind === "typing") {
      const { chat, account, seq } = frame;
      this.client.needPeople([account]);
      this.set({ typing: withTypist(this.company.typing, chat, account, seq, Date.now()) });
      return this.look();
    }
    const people = { ...this.company.people };
    for (const { account, ...presence } of frame.people) people[account] = presence;
    this.set({ people });
  }

  /** Forgets those who do not type any more. */
  private look(): void {
    const { store, sentHere } = this.client.getSnapshot();
    const { chats } = store;
    if (sentHere !== this.sentHere) this.stop();
    this.sentHere = sentHere;
    const typing = stillTyping(this.company.typing, Date.now(), (chat) => chats[chat]?.entries ?? []);
    if (typing !== this.company.typing) this.set({ typing });
    clearTimeout(this.endTimer);
    const end = nextEnd(typing);
    if (end !== null) this.endTimer = setTimeout(() => this.look(), Math.max(1, end - Date.now()));
  }

  private set(part: Partial<Company>): void {
    this.company = { ...this.company, ...part };
    for (const listener of this.listeners) listener();
  }
}
