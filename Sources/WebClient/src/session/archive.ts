// What this browser keeps between visits, in IndexedDB: chats, their entries one by one (so that what is
// loaded is a set of ranges with holes between them), people, and messages that are not sent yet, per
// account. A page shows what is here before the network answers. Storage may be forbidden, full, or in the
// hands of a newer version: then everything lives as long as the engine, and whoever asks is told.

import { changedBy, isUnseen, targetOf } from "../model/changes";
import { withHistory } from "../model/chat";
import type { Chat } from "../model/chat";
import type { Written } from "../model/outbox";
import type { Entry, UnseenEntry } from "../protocol/frames";
import type { Me, Person } from "../protocol/http-types";
import type { AccountId, ChatId, MessageId } from "../protocol/ids";
import { chatsFrom, entriesFrom, keptFrom, outboxFrom } from "./kept";
import type { Kept, KeptChat } from "./kept";

const databaseName = "chaticket";
/**
 * Grows with every change of what is below. Of an older content all is thrown away that can be loaded
 * again; what nobody else has, the outbox, stays as it was from the first version on.
 */
const version = 3;
const tables = ["accounts", "chats", "entries", "people", "outbox"] as const;
type Table = (typeof tables)[number];
/** The newest entries of a chat that a page begins with; older ones come when somebody scrolls there. */
const entriesShownFirst = 60;
/** The newest entries of a chat that are kept. */
const entriesKeptMax = 10_000;
/** Those that are kept when the storage is full. */
const entriesKeptWhenFull = 200;

/** What changed of an account's chats since the last time. */
export interface Changes {
  /** Chats without their entries: written over. */
  readonly chats: readonly KeptChat[];
  /** Chats of which nothing stays. */
  readonly gone: readonly ChatId[];
  /** Chats whose entries are of a log that is no more. */
  readonly emptied: readonly ChatId[];
  readonly entries: ReadonlyMap<ChatId, readonly Entry[]>;
  readonly people: readonly Person[];
}

export class Archive {
  private database: IDBDatabase | null = null;

  /** `onLost` is called once when storage fails after it was opened. */
  constructor(private readonly onLost: () => void) {}

  /** Opens the storage; false when there is none. */
  async open(): Promise<boolean> {
    try {
      const request = indexedDB.open(databaseName, version);
      request.onupgradeneeded = () => upgrade(request.result);
      this.database = await opened(request);
      // A newer version in another tab wants to change the format: step aside.
      this.database.onversionchange = () => this.lose();
      // The browser may take the storage back by itself.
      this.database.onclose = () => this.lose();
      return true;
    } catch {
      return false;
    }
  }

  /** What the last account left here, if anything, with the newest entries of each chat. */
  async kept(): Promise<Kept | null> {
    const values = await this.attempt(async (database) => {
      const reads = database.transaction(["accounts", "chats", "people"]);
      const [me, chats, people] = await Promise.all([
        settled<unknown>(reads.objectStore("accounts").get("last")),
        settled<unknown[]>(reads.objectStore("chats").getAll()),
        settled<unknown[]>(reads.objectStore("people").getAll()),
      ]);
      return { me, chats, people };
    });
    if (values === null) return null;
    const kept = keptFrom(values.me, values.chats, values.people);
    if (kept === null) return null;
    const chats: Record<string, Chat> = {};
    const filled = Object.values(kept.store.chats).map(async (chat) => {
      const entries = await this.entries(chat.id, chat.epoch, chat.head.seq - entriesShownFirst + 1, chat.head.seq);
      chats[chat.id] = withHistory(chat, entries, kept.me.id);
    });
    await Promise.all(filled);
    void this.shorten(Object.values(chats), entriesKeptMax);
    return { me: kept.me, store: { ...kept.store, chats } };
  }

  /** The entries from number `from` to `to` of a chat's log that are here. */
  async entries(chat: ChatId, epoch: number, from: number, to: number): Promise<readonly Entry[]> {
    if (to < from) return [];
    const values = await this.attempt(async (database) => {
      const reads = database.transaction("entries");
      return settled<unknown[]>(reads.objectStore("entries").getAll(range(chat, from, to)));
    });
    return entriesFrom(values ?? [], epoch);
  }

  /** Writes what changed, all or nothing: no chat's head is ever ahead of its entries. */
  async save(me: Me, changes: Changes): Promise<void> {
    await this.attempt(async (database) => {
      try {
        await write(database, me, changes);
      } catch (error) {
        if (!isFull(error)) throw error;
        await shorten(database, await allChats(database), entriesKeptWhenFull);
        await write(database, me, changes);
      }
    });
  }

  async keep(account: AccountId, item: Written): Promise<void> {
    await this.write("outbox", (table) => table.put({ account, ...item }, item.cmid));
  }

  async forget(cmid: MessageId): Promise<void> {
    await this.write("outbox", (table) => table.delete(cmid));
  }

  /** What `account` wrote and nobody acknowledged, in the order of writing. */
  async outbox(account: AccountId): Promise<readonly Written[]> {
    const values = await this.attempt((database) =>
      settled<unknown[]>(database.transaction("outbox").objectStore("outbox").getAll()),
    );
    return outboxFrom(values ?? [], account);
  }

  /** Nothing of anybody stays: somebody else may sit here next. */
  async clear(): Promise<void> {
    await this.attempt(async (database) => {
      const writes = database.transaction([...tables], "readwrite");
      for (const table of tables) writes.objectStore(table).clear();
      await committed(writes);
    });
  }

  private async shorten(chats: readonly Chat[], max: number): Promise<void> {
    await this.attempt((database) => shorten(database, chats.map(({ id, head }) => ({ id, head: head.seq })), max));
  }

  private async write(table: Table, change: (store: IDBObjectStore) => void): Promise<void> {
    await this.attempt(async (database) => {
      const attempt = () => {
        const writes = database.transaction(table, "readwrite");
        change(writes.objectStore(table));
        return committed(writes);
      };
      try {
        await attempt();
      } catch (error) {
        if (!isFull(error)) throw error;
        // What can be loaded again makes room for what cannot.
        await shorten(database, await allChats(database), entriesKeptWhenFull);
        await attempt();
      }
    });
  }

  private async attempt<T>(action: (database: IDBDatabase) => Promise<T>): Promise<T | null> {
    if (this.database === null) return null;
    try {
      return await action(this.database);
    } catch {
      this.lose();
      return null;
    }
  }

  private lose(): void {
    if (this.database === null) return;
    this.database.close();
    this.database = null;
    this.onLost();
  }
}

function upgrade(database: IDBDatabase): void {
  for (const name of [...database.objectStoreNames]) {
    if (name !== "outbox") database.deleteObjectStore(name);
  }
  for (const name of tables) {
    if (!database.objectStoreNames.contains(name)) database.createObjectStore(name);
  }
}

async function write(database: IDBDatabase, me: Me, changes: Changes): Promise<void> {
  const writes = database.transaction(["accounts", "chats", "entries", "people"], "readwrite");
  const [chats, entries, people] = [writes.objectStore("chats"), writes.objectStore("entries"), writes.objectStore("people")];
  writes.objectStore("accounts").put(me, "last");
  for (const id of [...changes.gone, ...changes.emptied]) entries.delete(range(id, 0, Infinity));
  for (const id of changes.gone) chats.delete(id);
  for (const chat of changes.chats) {
    chats.put({ ...chat, entries: [], changes: [], quoted: {} }, chat.id);
    for (const entry of changes.entries.get(chat.id) ?? []) {
      // The words of an edit are those of its message, and go with it.
      const words = entry.kind === "edited" ? { text: undefined } : {};
      entries.put({ ...entry, ...words, epoch: chat.epoch }, [chat.id, entry.seq]);
      if (isUnseen(entry)) change(entries, chat, entry, me);
    }
  }
  for (const person of changes.people) people.put(person, person.id);
  await committed(writes);
}

/** Folds a change into the line that it is of, if that is kept. */
function change(entries: IDBObjectStore, { id, epoch }: Chat, by: UnseenEntry, me: Me): void {
  const read: IDBRequest<unknown> = entries.get([id, targetOf(by)]);
  read.onsuccess = () => {
    const [line] = entriesFrom([read.result], epoch);
    const after = line === undefined ? undefined : changedBy(line, by, me.id);
    if (after !== undefined && after !== line) entries.put({ ...after, epoch }, [id, targetOf(by)]);
  };
}

async function shorten(
  database: IDBDatabase,
  chats: readonly { readonly id: ChatId; readonly head: number }[],
  max: number,
): Promise<void> {
  const long = chats.filter(({ head }) => head > max);
  if (long.length === 0) return;
  const writes = database.transaction("entries", "readwrite");
  for (const { id, head } of long) writes.objectStore("entries").delete(range(id, 0, head - max));
  await committed(writes);
}

async function allChats(database: IDBDatabase) {
  const values = await settled<unknown[]>(database.transaction("chats").objectStore("chats").getAll());
  return chatsFrom(values).map(({ id, head }) => ({ id, head: head.seq }));
}

function range(chat: ChatId, from: number, to: number): IDBKeyRange {
  return IDBKeyRange.bound([chat, from], [chat, to]);
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

/** Somebody with an older version may hold the storage for long: then there is none, also not later. */
function opened(request: IDBOpenDBRequest): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    let isBlocked = false;
    request.onsuccess = () => (isBlocked ? request.result.close() : resolve(request.result));
    request.onerror = () => reject(request.error);
    request.onblocked = () => {
      isBlocked = true;
      reject(new Error("blocked"));
    };
  });
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
