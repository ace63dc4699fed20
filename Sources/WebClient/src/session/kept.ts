// What was kept between two visits, read back: total, because another version may have written it.

import type { Chat } from "../model/chat";
import type { PlacedSettings, Wish } from "../model/settings";
import type { Written } from "../model/outbox";
import { emptyStore } from "../model/store";
import type { Store } from "../model/store";
import { readEmojiIfAny, readEntry, readMessagePlace, readReplyIfAny, readSettings, total } from "../protocol/codec";
import { Fields, isObject } from "../protocol/fields";
import type { Entry, SettingsChange } from "../protocol/frames";
import { readChatFields, readMe, readPerson } from "../protocol/http-types";
import type { Me, Person } from "../protocol/http-types";
import type { AccountId } from "../protocol/ids";

/** A chat as it is kept, with what the account keeps about it and what is wished for that. */
export interface KeptChat extends Chat {
  readonly settings?: PlacedSettings;
  readonly wish?: Wish;
}

/** What was kept for the account that was here last. */
export interface Kept {
  readonly me: Me;
  readonly store: Store;
}

/** Null when the account is missing or wrong; chats and people that are wrong are left out. */
export function keptFrom(me: unknown, chats: readonly unknown[], people: readonly unknown[]): Kept | null {
  const account = total(() => readMe(me));
  if (account === null) return null;
  const kept: Record<string, Chat> = {};
  const known: Record<string, Person> = {};
  const settings: Record<string, PlacedSettings> = {};
  const wishes: Record<string, Wish> = {};
  for (const value of chats) {
    const chat = total(() => readKeptChat(value));
    if (chat === null) continue;
    kept[chat.id] = chat;
    const about = total(() => readKeptSettings(Fields.of(value)));
    if (about?.settings !== undefined) settings[chat.id] = about.settings;
    if (about?.wish !== undefined) wishes[chat.id] = about.wish;
  }
  for (const value of people) {
    const person = total(() => readPerson(value));
    if (person !== null) known[person.id] = person;
  }
  // Stars are the cluster's to tell.
  return { me: account, store: { ...emptyStore, chats: kept, people: known, settings, wishes } };
}

/** Chats without their entries; those that are wrong are left out. */
export function chatsFrom(values: readonly unknown[]): readonly Chat[] {
  return values.flatMap((value) => total(() => [readKeptChat(value)]) ?? []);
}

/** The entries of the log of `epoch`; those that are wrong are left out, for they can be loaded again. */
export function entriesFrom(values: readonly unknown[], epoch: number): readonly Entry[] {
  return values.flatMap((value) => {
    if (!isObject(value) || value["epoch"] !== epoch) return [];
    return total(() => [readEntry(value)]) ?? [];
  });
}

/** What `account` wrote and nobody acknowledged, in the order of writing. */
export function outboxFrom(values: readonly unknown[], account: AccountId): readonly Written[] {
  const items: Written[] = [];
  for (const value of values) {
    if (!isObject(value) || value["account"] !== account) continue;
    const f = Fields.of(value);
    const item = total(() => ({
      cmid: f.message("cmid"),
      chat: f.chat("chat"),
      text: f.string("text"),
      ...readReplyIfAny(f),
      ...(f.has("edits") ? { edits: f.seq("edits") } : {}),
      ...(f.has("deletes") ? { deletes: f.seq("deletes") } : {}),
      ...(f.has("reacts") ? { reacts: readReaction(f.child("reacts")) } : {}),
      ...(f.has("forwards") ? { forwards: readMessagePlace(f.child("forwards")) } : {}),
    }));
    if (item !== null) items.push(item);
  }
  return items.sort((a, b) => (a.cmid < b.cmid ? -1 : 1));
}

function readReaction(f: Fields): { target: number; emoji?: string } {
  return { target: f.seq("target"), ...readEmojiIfAny(f) };
}

function readKeptChat(value: unknown): Chat {
  const f = Fields.of(value);
  return {
    ...readChatFields(f),
    marks: f.numbers("marks"),
    unchecked: f.integer("unchecked"),
    entries: [],
    changes: [],
    quoted: {},
  };
}

function readKeptSettings(f: Fields): Pick<KeptChat, "settings" | "wish"> {
  const settings = f.has("settings") ? f.child("settings") : null;
  const wish = f.has("wish") ? f.child("wish") : null;
  return {
    ...(settings === null ? {} : { settings: { ...readSettings(settings), place: settings.integer("place") } }),
    ...(wish === null ? {} : { wish: { cmid: wish.message("cmid"), change: readChange(wish.child("change")) } }),
  };
}

function readChange(f: Fields): SettingsChange {
  return {
    ...(f.has("mutedUntil") ? { mutedUntil: f.integer("mutedUntil") } : {}),
    ...(f.has("isPinned") ? { isPinned: f.boolean("isPinned") } : {}),
    ...(f.has("isArchived") ? { isArchived: f.boolean("isArchived") } : {}),
    ...(f.has("n") ? { n: f.integer("n") } : {}),
    ...(f.has("isUnread") ? { isUnread: f.boolean("isUnread") } : {}),
  };
}
