// Chats of which one does not want to hear, and until when, in milliseconds since 1970.

import { isObject } from "../protocol/fields";

export type Mutes = Readonly<Record<string, number>>;

/** Later than any time: until somebody says otherwise. */
export const forEver = Number.MAX_SAFE_INTEGER;

export function isMuted(mutes: Mutes, chat: string, now: number): boolean {
  return (mutes[chat] ?? 0) > now;
}

/** What was kept, which may be anything; what is over is left out. */
export function mutesFrom(value: unknown, now: number): Mutes {
  const mutes: Record<string, number> = {};
  for (const [chat, until] of Object.entries(isObject(value) ? value : {})) {
    if (typeof until === "number" && until > now) mutes[chat] = until;
  }
  return mutes;
}
