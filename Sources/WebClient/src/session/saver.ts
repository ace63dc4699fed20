// Writes what changed of the store to the archive, a moment later and, when much happens, many changes at once. A chat and its
// new entries are written together: no head is ever ahead of what it counts.

import { entryAt, isStale } from "../model/chat";
import type { Store, StoreChange } from "../model/store";
import type { Entry } from "../protocol/frames";
import type { ChatSummary, Me } from "../protocol/http-types";
import type { ChatId } from "../protocol/ids";
import type { Archive } from "./archive";
import type { KeptChat } from "./kept";

/** Milliseconds between a change and its write when the last write is long ago, */
const soon = 20;
/** and at least between two writes. */
const pause = 400;

export class Saver {
  private readonly changed = new Set<ChatId>();
  private readonly emptied = new Set<ChatId>();
  private entries = new Map<ChatId, Entry[]>();
  private hasNewPeople = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private write: (() => void) | null = null;
  private lastWrite = -pause;

  constructor(private readonly archive: Pick<Archive, "save">) {}

  /**
   * Something changed, from `before` on; `me` and `store` give whose it is and the newest state, now and when
   * it is time to write.
   */
  note(what: StoreChange, before: Store, me: () => Me | null, store: () => Store): void {
    const { chats } = store();
    for (const id of chatsOf(what, before)) {
      this.changed.add(id);
      const [old, now] = [before.chats[id], chats[id]];
      if (old !== undefined && now !== undefined && old.epoch !== now.epoch) this.empty(id);
    }
    for (const summary of summariesOf(what)) {
      const old = before.chats[summary.id];
      if (old !== undefined && isStale(old, summary)) this.empty(summary.id);
    }
    // A page of a log that is no more changed nothing.
    if ((what.kind === "history" || what.kind === "quoted") && chats[what.chat]?.epoch !== what.page.epoch) return;
    for (const [id, entries] of entriesOf(what)) {
      // A page may be older than changes of it that came before.
      const now = chats[id];
      const newest = entries.map((entry) => (now === undefined ? null : entryAt(now, entry.seq)) ?? entry);
      this.entries.set(id, [...(this.entries.get(id) ?? []), ...newest]);
    }
    if (what.kind === "people") this.hasNewPeople = true;
    if (me() === null || this.timer !== undefined) return;
    this.write = () => this.save(me(), store());
    this.timer = setTimeout(() => this.flush(), Math.max(soon, this.lastWrite + pause - performance.now()));
  }

  /** What waits is written now: the page, and with it perhaps the engine, is about to go. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastWrite = performance.now();
    this.write?.();
    this.write = null;
  }

  /** What waits is not written any more: its owner has left. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.write = null;
    this.forget();
  }

  private save(me: Me | null, store: Store): void {
    const { chats, people } = store;
    if (me === null) return;
    const ids = [...this.changed];
    void this.archive.save(me, {
      chats: ids.flatMap((id) => listed(store, id)),
      gone: ids.filter((id) => chats[id] === undefined),
      emptied: [...this.emptied],
      entries: this.entries,
      people: this.hasNewPeople ? Object.values(people) : [],
    });
    this.forget();
  }

  private empty(id: ChatId): void {
    this.emptied.add(id);
    this.entries.delete(id);
  }

  private forget(): void {
    this.changed.clear();
    this.emptied.clear();
    this.entries = new Map();
    this.hasNewPeople = false;
  }
}

/** A chat with what is kept about it. */
function listed({ chats, settings, wishes }: Store, id: ChatId): readonly KeptChat[] {
  const [chat, kept, wish] = [chats[id], settings[id], wishes[id]];
  if (chat === undefined) return [];
  return [{ ...chat, ...(kept === undefined ? {} : { settings: kept }), ...(wish === undefined ? {} : { wish }) }];
}

function chatsOf(what: StoreChange, before: Store): readonly ChatId[] {
  switch (what.kind) {
    case "chats":
      // Those that are not in the list any more, too.
      return [...what.chats, ...Object.values(before.chats)].map((chat) => chat.id);
    case "chat":
      return [what.chat.id];
    case "people":
    case "stars":
    case "star":
    case "drafted":
      return [];
    case "allSettings":
    case "noSettings":
      return Object.values(before.chats).map((chat) => chat.id);
    default:
      return [what.chat];
  }
}

function summariesOf(what: StoreChange): readonly ChatSummary[] {
  if (what.kind === "chats") return what.chats;
  return what.kind === "chat" ? [what.chat] : [];
}

function entriesOf(what: StoreChange): readonly (readonly [ChatId, readonly Entry[]])[] {
  switch (what.kind) {
    case "chats":
    case "chat":
      return summariesOf(what).flatMap(({ id, last }) => (last === null ? [] : [[id, [last]] as const]));
    case "entries":
      return [[what.chat, what.entries]];
    case "history":
    case "quoted":
      return [[what.chat, what.page.entries]];
    default:
      return [];
  }
}
