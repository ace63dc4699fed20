// What was kept between two visits, read back: total, because another version may have written it.

import type { Chat } from "../model/chat";
import type { Written } from "../model/outbox";
import { emptyStore } from "../model/store";
import type { Store } from "../model/store";
import { readEmojiIfAny, readEntry, readMessagePlace, readReplyIfAny, total } from "../protocol/codec";
import { Fields, isObject } from "../protocol/fields";
import type { Entry } from "../protocol/frames";
import { readChatFields, readMe, readPerson } from "../protocol/http-types";
import type { Me, Person } from "../protocol/http-types";
import type { AccountId } from "../protocol/ids";

/** What was kept for the account that was here last. */
export interface Kept {
  readonly me: Me;
  readonly store: Store;
}

/** Null when the account is missing or wrong; chats and people that are wrong are left out. */
export function keptFrom(me: unknown, chats: readonly unknown[], people: readonly unknown[]): Kept | null {
  const account = total(() => readMe(me));
  if (account === null) return null;
  const store: { chats: Record<string, Chat>; people: Record<string, Person> } = { chats: {}, people: {} };
  for (const chat of chatsFrom(chats)) store.chats[chat.id] = chat;
  for (const value of people) {
    const person = total(() => readPerson(value));
    if (person !== null) store.people[person.id] = person;
  }
  // Stars are the cluster's to tell.
  return { me: account, store: { ...emptyStore, ...store } };
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
