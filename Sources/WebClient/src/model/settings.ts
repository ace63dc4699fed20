// What the account keeps about each of its chats, for all of its devices: as the inbox says it, and what this browser
// wishes and the cluster does not know yet.

import { newest } from "./chat";
import type { Chat } from "./chat";
import type { ChatSettings, SettingsChange } from "../protocol/frames";
import type { MessageId } from "../protocol/ids";

/** Settings that are as new as the entry `place` of the inbox. */
export interface PlacedSettings extends ChatSettings {
  readonly place: number;
}

/** A change that is on its way to the cluster, under an id of its own. */
export interface Wish {
  readonly cmid: MessageId;
  readonly change: SettingsChange;
}

export interface SettingsStore {
  readonly settings: Readonly<Record<string, PlacedSettings>>;
  readonly wishes: Readonly<Record<string, Wish>>;
}

/** So many chats can be pinned. */
export const pinsMax = 5;
/** Muted until somebody says otherwise: the latest time of the cluster. */
export const forEver = 2 ** 48 - 1;

export const noSettings: ChatSettings = { mutedUntil: 0, pin: 0, isUnread: false };

/** The settings alone of what has them among others. */
export function settingsFrom({ mutedUntil, pin, archived, isUnread }: ChatSettings): ChatSettings {
  return { mutedUntil, pin, ...(archived === undefined ? {} : { archived }), isUnread };
}

/** What is kept about a chat, with what is wished for it. */
export function settingsOf({ settings, wishes }: SettingsStore, chat: string): ChatSettings {
  const known = settings[chat] ?? noSettings;
  const wish = wishes[chat];
  return wish === undefined ? known : changedBy(known, wish.change);
}

/** What the cluster will make of `change`; what gets pinned is on top of all. */
export function changedBy(settings: ChatSettings, change: SettingsChange): ChatSettings {
  const { archived, ...rest } = settings;
  const isPinned = change.isPinned ?? (change.isArchived === true ? false : settings.pin > 0);
  const isArchived = change.isPinned !== true && (change.isArchived ?? archived !== undefined);
  return {
    ...rest,
    mutedUntil: change.mutedUntil ?? settings.mutedUntil,
    isUnread: change.isUnread ?? settings.isUnread,
    pin: change.isPinned === true ? Number.MAX_SAFE_INTEGER : isPinned ? settings.pin : 0,
    ...(isArchived ? { archived: Math.max(archived ?? 0, change.n ?? 0) } : {}),
  };
}

/**
 * Whether a chat is in the archive: it was put there, and no message has come since at which it was not muted. The same on
 * every device, for it needs nothing but what all are told.
 */
export function isArchived(chat: Chat, { archived, mutedUntil }: ChatSettings): boolean {
  if (archived === undefined) return false;
  return chat.head.n <= archived || (newest(chat)?.ts ?? 0) < mutedUntil;
}

/**
 * The change that does `change` and moves the chat nowhere else: until when it is muted decides whether messages bring it
 * back, also those that have come already.
 */
export function wholeChange(chat: Chat, settings: ChatSettings, change: SettingsChange): SettingsChange {
  if (change.isArchived === true) return { ...change, n: chat.head.n };
  if (change.mutedUntil === undefined || settings.archived === undefined) return change;
  return isArchived(chat, settings) ? { ...change, isArchived: true, n: chat.head.n } : { ...change, isArchived: false };
}

/** With the settings of a chat as the entry `place` of the inbox says them, unless newer ones are here. */
export function withSettings<S extends SettingsStore>(store: S, chat: string, settings: ChatSettings, place: number): S {
  if ((store.settings[chat]?.place ?? 0) >= place) return store;
  return { ...store, settings: { ...store.settings, [chat]: { ...settings, place } } };
}

/** With all settings as they were at the entry `place` of the inbox or later, but those that are newer here. */
export function withAllSettings<S extends SettingsStore>(
  store: S,
  all: readonly (readonly [string, ChatSettings])[],
  place: number,
): S {
  const settings: Record<string, PlacedSettings> = {};
  for (const [chat, one] of all) settings[chat] = { ...one, place };
  for (const [chat, one] of Object.entries(store.settings)) if (one.place > place) settings[chat] = one;
  return { ...store, settings };
}

/** With one more wish for a chat; what it wished before and was not granted yet is wished anew. */
export function withWish<S extends SettingsStore>(store: S, chat: string, { cmid, change }: Wish): S {
  const before = store.wishes[chat]?.change ?? {};
  return { ...store, wishes: { ...store.wishes, [chat]: { cmid, change: { ...before, ...change } } } };
}

/** Without the wish `cmid`, which was granted or refused. */
export function withoutWish<S extends SettingsStore>(store: S, chat: string, cmid: MessageId): S {
  if (store.wishes[chat]?.cmid !== cmid) return store;
  const { [chat]: _, ...wishes } = store.wishes;
  return { ...store, wishes };
}
