// An earlier version kept in the browser which chats are muted. The account takes that over, once.

import { forEver } from "../model/settings";
import { isObject } from "../protocol/fields";

const storageKey = "chaticket.mutes";

/** What was kept here, by chat: until when it is muted. It is forgotten here. */
export function takeOldMutes(now: number): readonly (readonly [string, number])[] {
  let kept: unknown = null;
  try {
    kept = JSON.parse(localStorage.getItem(storageKey) ?? "null");
    localStorage.removeItem(storageKey);
  } catch {
    // Without storage there is nothing to take over.
  }
  return Object.entries(isObject(kept) ? kept : {}).flatMap(([chat, until]) =>
    typeof until === "number" && until > now ? [[chat, Math.min(until, forEver)] as const] : [],
  );
}
