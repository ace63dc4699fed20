// Where one was in each chat: kept by the tab, across its reloads, for the chats that were left above
// their end.

import { isObject } from "../protocol/fields";
import type { ChatId } from "../protocol/ids";

/** The message of the number `seq` had its lower edge `bottom` pixels below the upper edge of the thread. */
export interface Place {
  readonly seq: number;
  readonly bottom: number;
}

const prefix = "chaticket.place.";
/** What a browser without storage keeps, as long as the page. */
const places = new Map<ChatId, Place>();

export function readPlace(chat: ChatId): Place | null {
  const known = places.get(chat);
  if (known !== undefined) return known;
  try {
    return placeFrom(JSON.parse(sessionStorage.getItem(prefix + chat) ?? "null"));
  } catch {
    return null;
  }
}

/** Null: at the end, where a chat opens anyway. */
export function savePlace(chat: ChatId, place: Place | null): void {
  if (place === null) places.delete(chat);
  else places.set(chat, place);
  try {
    if (place === null) sessionStorage.removeItem(prefix + chat);
    else sessionStorage.setItem(prefix + chat, JSON.stringify(place));
  } catch {
    // The map above has it.
  }
}

/** Somebody else may sit here next. */
export function forgetPlaces(): void {
  places.clear();
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(prefix)) sessionStorage.removeItem(key);
    }
  } catch {
    // Without storage there is nothing to forget.
  }
}

function placeFrom(value: unknown): Place | null {
  if (!isObject(value)) return null;
  const { seq, bottom } = value;
  if (typeof seq !== "number" || typeof bottom !== "number") return null;
  return Number.isSafeInteger(seq) && Number.isFinite(bottom) ? { seq, bottom } : null;
}
