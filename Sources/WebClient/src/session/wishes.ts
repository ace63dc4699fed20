// What the person wishes to be kept about chats, on its way to the cluster: one request a chat at a time, and as often
// as it takes.

import type { Wish } from "../model/settings";
import type { Store, StoreChange } from "../model/store";
import { ApiError } from "../protocol/http-types";
import type { SettingsList } from "../protocol/http-types";
import { isChatId } from "../protocol/ids";
import type { ChatId } from "../protocol/ids";

interface WishPort {
  readonly ask: (chat: ChatId, wish: Wish) => Promise<SettingsList>;
  readonly store: () => Store;
  readonly change: (change: StoreChange) => void;
  /** A wish was refused for good. */
  readonly onRefused: (error: unknown) => void;
}

export class Wishes {
  private readonly busy = new Set<string>();

  constructor(private readonly port: WishPort) {}

  /** The cluster can be asked: everything that waits goes. */
  go(): void {
    for (const chat of Object.keys(this.port.store().wishes)) if (isChatId(chat)) void this.send(chat);
  }

  private async send(chat: ChatId): Promise<void> {
    const wish = this.port.store().wishes[chat];
    if (wish === undefined || this.busy.has(chat)) return;
    this.busy.add(chat);
    const isOver = await this.attempt(chat, wish);
    this.busy.delete(chat);
    // What was wished meanwhile.
    if (isOver && this.port.store().wishes[chat] !== undefined) await this.send(chat);
  }

  /** Whether the wish was answered; if not, it waits until the session is live anew. */
  private async attempt(chat: ChatId, wish: Wish): Promise<boolean> {
    try {
      const { settings, inbox } = await this.port.ask(chat, wish);
      for (const [id, kept] of settings) this.port.change({ kind: "settings", chat: id, settings: kept, place: inbox.seq });
    } catch (error) {
      if (error instanceof ApiError && error.retryable) return false;
      this.port.onRefused(error);
    }
    this.port.change({ kind: "wishEnd", chat, cmid: wish.cmid });
    return true;
  }
}
