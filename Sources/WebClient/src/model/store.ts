// Everything that this client knows of chats and people: pure, changed only by the functions below.

import { assertNever } from "./assert-never";
import {
  chatFrom, hasMoreThan, named, newest, unread, withEntries, withHistory, withHole, withMarks, withNewest, withQuoted,
} from "./chat";
import type { Chat, People } from "./chat";
import { isMuted } from "./mutes";
import type { Mutes } from "./mutes";
import { isArchived, settingsOf, withAllSettings, withoutWish, withSettings, withWish } from "./settings";
import type { SettingsStore, Wish } from "./settings";
import { starsOf, withStar } from "./stars";
import type { Star, Stars } from "./stars";
import type { ChatSettings, Entry, Mark, Place, ReactionTally } from "../protocol/frames";
import type { ChatSummary, HistoryPage, Person } from "../protocol/http-types";
import type { AccountId, ChatId, MessageId } from "../protocol/ids";

export interface Store extends SettingsStore {
  /** The newest entry of the inbox about the draft of a chat, since this page was loaded. */
  readonly drafted: Readonly<Record<string, number>>;
  readonly chats: Readonly<Record<string, Chat>>;
  readonly people: People;
  readonly stars: Stars;
}

export const emptyStore: Store = { chats: {}, people: {}, stars: {}, settings: {}, wishes: {}, drafted: {} };

export type StoreChange =
  | { readonly kind: "chats"; readonly chats: readonly ChatSummary[]; readonly me?: AccountId | null }
  | { readonly kind: "chat"; readonly chat: ChatSummary; readonly me?: AccountId | null }
  | { readonly kind: "gone"; readonly chat: ChatId }
  | { readonly kind: "entries"; readonly chat: ChatId; readonly entries: readonly Entry[]; readonly me: AccountId | null }
  | { readonly kind: "hole"; readonly chat: ChatId; readonly head: Place }
  | { readonly kind: "reset"; readonly chat: ChatId; readonly epoch: number }
  | { readonly kind: "history"; readonly chat: ChatId; readonly page: HistoryPage; readonly me?: AccountId | null }
  /** Entries that others answer, and that are not in the thread. */
  | { readonly kind: "quoted"; readonly chat: ChatId; readonly page: HistoryPage; readonly me?: AccountId | null }
  | {
      readonly kind: "marks";
      readonly chat: ChatId;
      readonly marks: readonly Mark[];
      readonly version: number;
      readonly me: AccountId | null;
    }
  | { readonly kind: "readHere"; readonly chat: ChatId; readonly n: number }
  | { readonly kind: "people"; readonly people: readonly Person[] }
  | { readonly kind: "stars"; readonly stars: readonly Star[] }
  | { readonly kind: "star"; readonly star: Star }
  | { readonly kind: "settings"; readonly chat: ChatId; readonly settings: ChatSettings; readonly place: number }
  | {
      readonly kind: "allSettings";
      readonly settings: readonly (readonly [ChatId, ChatSettings])[];
      readonly place: number;
    }
  | { readonly kind: "drafted"; readonly chat: ChatId; readonly seq: number }
  /** The inbox is another one: its numbers mean nothing any more. */
  | { readonly kind: "noSettings" }
  | ({ readonly kind: "wish"; readonly chat: ChatId } & Wish)
  | { readonly kind: "wishEnd"; readonly chat: ChatId; readonly cmid: MessageId };

export function change(store: Store, what: StoreChange): Store {
  switch (what.kind) {
    case "chats": {
      const chats: Record<string, Chat> = {};
      for (const summary of what.chats) chats[summary.id] = chatOf(store, summary, what.me);
      return { ...store, chats };
    }
    case "chat":
      return {
        ...store,
        chats: { ...store.chats, [what.chat.id]: chatOf(store, what.chat, what.me) },
      };
    case "gone": {
      const { [what.chat]: _, ...chats } = store.chats;
      return { ...store, chats };
    }
    case "entries":
      return update(store, what.chat, (chat) => withEntries(chat, what.entries, what.me));
    case "hole":
      return update(store, what.chat, (chat) => withHole(chat, what.head));
    case "reset":
      return update(store, what.chat, (chat) => ({
        ...chat,
        epoch: what.epoch,
        entries: [],
        changes: [],
        quoted: {},
        erased: [],
        pins: [],
        unchecked: 0,
        head: { seq: 0, n: 0 },
        mark: 0,
        marks: {},
      }));
    case "history":
      return update(store, what.chat, (chat) =>
        chat.epoch === what.page.epoch ? withHistory(chat, what.page.entries, what.me) : chat,
      );
    case "quoted":
      return update(store, what.chat, (chat) =>
        chat.epoch === what.page.epoch ? withQuoted(chat, what.page.entries, what.me) : chat,
      );
    case "marks":
      return update(store, what.chat, (chat) => withMarks(chat, what.marks, what.version, what.me));
    case "readHere":
      return update(store, what.chat, (chat) => ({ ...chat, mark: Math.max(chat.mark, what.n) }));
    case "people": {
      const people: Record<string, Person> = { ...store.people };
      for (const person of what.people) people[person.id] = person;
      const chats = Object.fromEntries(Object.entries(store.chats).map(([id, chat]) => [id, named(chat, people)]));
      return { ...store, chats, people };
    }
    case "stars":
      return { ...store, stars: starsOf(what.stars) };
    case "star":
      return { ...store, stars: withStar(store.stars, what.star) };
    case "settings":
      return withSettings(store, what.chat, what.settings, what.place);
    case "allSettings":
      return withAllSettings(store, what.settings, what.place);
    case "drafted":
      return { ...store, drafted: { ...store.drafted, [what.chat]: what.seq } };
    case "noSettings":
      return { ...store, settings: {} };
    case "wish":
      return withWish(store, what.chat, what);
    case "wishEnd":
      return withoutWish(store, what.chat, what.cmid);
    default:
      return assertNever(what);
  }
}

/** The store with the newest `max` entries of each chat but `kept`; the same when none has more. */
export function withNewestOf(store: Store, max: number, kept: ChatId | null): Store {
  const long = Object.values(store.chats).filter((chat) => chat.id !== kept && hasMoreThan(chat, max));
  if (long.length === 0) return store;
  const chats: Record<string, Chat> = { ...store.chats };
  for (const chat of long) chats[chat.id] = withNewest(chat, max);
  return { ...store, chats };
}

/** Whether a chat is in the archive, and not in the list. */
export function isAway(store: Store, chat: Chat): boolean {
  return isArchived(chat, settingsOf(store, chat.id));
}

/**
 * The chats of the sidebar: pinned ones, then the newest activity first, then by name. `drafted` says when a text was begun
 * in a chat and not sent, which is activity too.
 */
export function orderedChats(store: Store, drafted: Readonly<Record<string, number>> = {}): readonly Chat[] {
  const at = (chat: Chat) => Math.max(activity(chat), drafted[chat.id] ?? 0);
  const pin = ({ id }: Chat) => settingsOf(store, id).pin;
  return Object.values(store.chats).sort(
    (a, b) => pin(b) - pin(a) || at(b) - at(a) || a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1),
  );
}

/** Those of `chats` whose names have every word of `wanted`. */
export function chatsNamed(chats: readonly Chat[], wanted: string): readonly Chat[] {
  const words = wanted.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return chats.filter((chat) => {
    const names = `${chat.name} ${chat.fullName}`.toLowerCase();
    return words.every((word) => names.includes(word));
  });
}

/** What waits to be read, but in the chat `except`, in the archive, and where somebody does not want to hear of it. */
export function totalUnread(store: Store, mutes: Mutes, now: number, except: ChatId | null): number {
  const counted = Object.values(store.chats).filter(
    (chat) => chat.id !== except && !isMuted(mutes, chat.id, now) && !isAway(store, chat),
  );
  return counted.reduce((sum, chat) => sum + unread(chat), 0);
}

/** The accounts that some entries name. */
export function accountsIn(entries: readonly Entry[]): readonly AccountId[] {
  return entries.flatMap((entry) => [
    ...(entry.from === null ? [] : [entry.from]),
    ...("account" in entry ? [entry.account] : []),
    ...talliesOf(entry).flatMap(({ first }) => first),
  ]);
}

function talliesOf(entry: Entry): readonly ReactionTally[] {
  if (entry.kind === "reacted") return entry.tallies;
  return entry.kind === "text" ? entry.reactions?.tallies ?? [] : [];
}

/** Accounts of a chat that people have to be known of to show it. */
export function accountsOf(summary: ChatSummary): readonly AccountId[] {
  const told = summary.last === null ? [] : accountsIn([summary.last]);
  return [...told, summary.creator, summary.peer].filter((account): account is AccountId => account !== null);
}

function chatOf(store: Store, summary: ChatSummary, me: AccountId | null | undefined): Chat {
  return named(chatFrom(summary, store.chats[summary.id], me), store.people);
}

function activity(chat: Chat): number {
  return newest(chat)?.ts ?? 0;
}

function update(store: Store, id: ChatId, edit: (chat: Chat) => Chat): Store {
  const chat = store.chats[id];
  if (chat === undefined) return store;
  return { ...store, chats: { ...store.chats, [id]: edit(chat) } };
}
