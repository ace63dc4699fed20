// Where the person is: the list, a chat, or a chat's info. It is in the address behind the hash, so
// that a reload and the browser's Back keep their meaning: info → chat → list.

import { isChatId } from "../protocol/ids";
import type { ChatId } from "../protocol/ids";

export interface Route {
  readonly chat: ChatId | null;
  readonly isInfoOpen: boolean;
}

const listeners = new Set<() => void>();
let known = "";
let route: Route = { chat: null, isInfoOpen: false };

export function subscribeRoute(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  addEventListener("hashchange", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
    removeEventListener("hashchange", listener);
  };
}

/** The same value as long as the address is the same. */
export function currentRoute(): Route {
  if (location.hash !== known) {
    known = location.hash;
    const [, id = "", info = ""] = known.split("/");
    route = isChatId(id) ? { chat: id, isInfoOpen: info === "info" } : { chat: null, isInfoOpen: false };
  }
  return route;
}

export function openChat(chat: ChatId): void {
  go(`#/${chat}`, currentRoute().chat !== null);
}

export function openInfo(): void {
  const { chat, isInfoOpen } = currentRoute();
  if (chat !== null && !isInfoOpen) go(`#/${chat}/info`, false);
}

/** One step out: from the info to the chat, from the chat to the list. */
export function stepOut(): void {
  const { chat, isInfoOpen } = currentRoute();
  if (chat === null) return;
  if (depth() > 0) history.back();
  else go(isInfoOpen ? `#/${chat}` : "#/", true);
}

/** To the list, wherever we are. */
export function closeChat(): void {
  go("#/", true);
}

function go(hash: string, isReplacement: boolean): void {
  if (isReplacement) history.replaceState({ depth: depth() }, "", hash);
  else history.pushState({ depth: depth() + 1 }, "", hash);
  for (const listener of listeners) listener();
}

function depth(): number {
  const state: unknown = history.state;
  if (typeof state !== "object" || state === null || !("depth" in state)) return 0;
  const { depth: value }: { depth?: unknown } = state;
  return typeof value === "number" ? value : 0;
}
