// Chats of which one does not want to hear, and until when, in milliseconds since 1970.

import { settingsOf } from "./settings";
import type { SettingsStore } from "./settings";

export type Mutes = Readonly<Record<string, number>>;

export function isMuted(mutes: Mutes, chat: string, now: number): boolean {
  return (mutes[chat] ?? 0) > now;
}

/** Until when each chat is muted of which anything is kept. */
export function mutesOf(store: SettingsStore): Mutes {
  const mutes: Record<string, number> = {};
  for (const chat of Object.keys({ ...store.settings, ...store.wishes })) mutes[chat] = settingsOf(store, chat).mutedUntil;
  return mutes;
}
