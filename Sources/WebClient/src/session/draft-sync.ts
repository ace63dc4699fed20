// Drafts on their way between this browser's journal and the cluster, which has them for the account's other devices. Of two
// texts the one that is written later wins, and no text that somebody writes at this moment is taken from under their hands.

import { ApiError } from "../protocol/http-types";
import type { CloudDraft } from "../protocol/http-types";
import type { ChatId } from "../protocol/ids";

/** A text that was begun; empty: none. */
export interface Begun {
  readonly text: string;
  /** The number of the message that it answers; 0 for none. */
  readonly replyTo: number;
}

export interface DraftPort {
  /** What the cluster has, of one chat or of all. */
  readonly fetch: (chat: ChatId | null) => Promise<readonly CloudDraft[]>;
  readonly save: (chat: ChatId, draft: Begun) => Promise<void>;
  /** The chats in which something was begun here, or that were shared. */
  readonly chats: () => readonly ChatId[];
  readonly read: (chat: ChatId) => Begun;
  readonly write: (chat: ChatId, draft: Begun, ts: number) => void;
  /** What the cluster had when it was asked last, as `keyOf` says it. */
  readonly shared: (chat: ChatId) => string;
  readonly share: (chat: ChatId, key: string) => void;
  /** Whether somebody writes in this chat at this moment. */
  readonly isTyping: (chat: ChatId) => boolean;
  /** Whether this tab is the one that saves. */
  readonly isSpeaker: () => boolean;
  readonly now: () => number;
  readonly later: (milliseconds: number) => void;
}

/** A text that is being written is saved this often. */
const pause = 10_000;
/** Longer ones cannot be sent either; they stay here. */
const charactersMax = 4_096;

export class DraftSync {
  private readonly busy = new Set<ChatId>();
  private readonly refused = new Map<ChatId, string>();
  /** Since when a text waits to be saved. */
  private readonly since = new Map<ChatId, number>();
  /** Chats of which something was told while somebody wrote there, or while a text was on its way. */
  private readonly late = new Set<ChatId>();
  private open: ChatId | null = null;
  private isLive = false;
  /** How often the session was live, or was not any more. */
  private turn = 0;

  constructor(private readonly port: DraftPort) {}

  /** The cluster can be asked, or cannot. What it has is looked at before anything is saved. */
  async connect(isLive: boolean): Promise<void> {
    this.isLive = false;
    this.turn += 1;
    const turn = this.turn;
    if (!isLive) return;
    await this.fetch(null);
    if (turn !== this.turn) return;
    this.isLive = true;
    this.look(this.open);
  }

  /** The inbox said that the draft of a chat is another one. */
  async hear(chat: ChatId): Promise<void> {
    await this.fetch(chat);
  }

  /** Something was written, or another chat was opened: saves what is due. */
  look(open: ChatId | null): void {
    this.open = open;
    if (!this.isLive || !this.port.isSpeaker()) return;
    for (const chat of [...this.late]) if (!this.port.isTyping(chat)) void this.fetch(chat);
    for (const chat of this.port.chats()) this.consider(chat);
  }

  private consider(chat: ChatId): void {
    const draft = this.port.read(chat);
    const mine = keyOf(draft);
    if (mine === this.port.shared(chat) || mine === this.refused.get(chat) || [...draft.text].length > charactersMax) {
      this.since.delete(chat);
      return;
    }
    if (this.busy.has(chat)) return;
    const since = this.since.get(chat) ?? this.port.now();
    this.since.set(chat, since);
    // Whoever has left the chat, or sent what was begun, is done with it.
    const wait = mine === "" || chat !== this.open ? 0 : since + pause - this.port.now();
    if (wait > 0) this.port.later(wait);
    else void this.save(chat, draft, mine);
  }

  private async save(chat: ChatId, draft: Begun, mine: string): Promise<void> {
    this.busy.add(chat);
    this.since.delete(chat);
    let isOver = true;
    try {
      await this.port.save(chat, mine === "" ? { text: "", replyTo: 0 } : draft);
      this.port.share(chat, mine);
    } catch (error) {
      isOver = !(error instanceof ApiError && error.retryable);
      // It stays in this browser, where it was begun.
      if (isOver) this.refused.set(chat, mine);
    }
    this.busy.delete(chat);
    if (this.late.has(chat)) void this.fetch(chat);
    if (isOver) this.consider(chat);
  }

  private async fetch(chat: ChatId | null): Promise<void> {
    try {
      const drafts = await this.port.fetch(chat);
      const chats = chat === null ? new Set([...this.port.chats(), ...drafts.map((draft) => draft.chat)]) : [chat];
      for (const one of chats) this.adopt(one, drafts.find((draft) => draft.chat === one));
    } catch {
      // All are asked for when the session is live anew.
    }
  }

  private adopt(chat: ChatId, draft: CloudDraft | undefined): void {
    const theirs = { text: draft?.text ?? "", replyTo: draft?.replyTo ?? 0 };
    const key = keyOf(theirs);
    this.late.delete(chat);
    if (key === this.port.shared(chat)) return;
    const mine = keyOf(this.port.read(chat));
    const isSaved = mine === this.port.shared(chat);
    if (this.busy.has(chat) || (isSaved && mine !== "" && this.port.isTyping(chat))) {
      this.late.add(chat);
      return;
    }
    this.port.share(chat, key);
    if (isSaved) this.port.write(chat, theirs, draft?.ts ?? 0);
  }
}

/** Equal for equal texts; empty for none. */
export function keyOf({ text, replyTo }: Begun): string {
  return text.trim() === "" ? "" : `${replyTo} ${text}`;
}
