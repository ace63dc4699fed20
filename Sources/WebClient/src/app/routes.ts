// Where the person is: the list, a chat, or a chat's info, and whether the settings are open in the left
// column. It is in the address behind the hash, so that a reload and the browser's Back keep their
// meaning: settings → info → chat → list.

import { settingsPages } from "../features/settings/pages";
import type { SettingsPage } from "../features/settings/pages";
import { isChatId } from "../protocol/ids";
import type { ChatId } from "../protocol/ids";

export interface Route {
  readonly chat: ChatId | null;
  readonly isInfoOpen: boolean;
  readonly settings: SettingsPage | null;
}

const listeners = new Set<() => void>();
let known = "";
let route: Route = { chat: null, isInfoOpen: false, settings: null };

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
    route = routeOf(known);
  }
  return route;
}

/** `#/CHAT/info?settings=PAGE`, each part of it optional; what is not understood is the list. */
export function routeOf(hash: string): Route {
  const [path = "", query = ""] = hash.split("?");
  const [, id = "", info = ""] = path.split("/");
  const chat = isChatId(id) ? id : null;
  const page = new URLSearchParams(query).get("settings");
  return {
    chat,
    isInfoOpen: chat !== null && info === "info",
    settings: settingsPages.find((known) => known === page) ?? null,
  };
}

export function hashOf({ chat, isInfoOpen, settings }: Route): string {
  const place = chat === null ? "#/" : isInfoOpen ? `#/${chat}/info` : `#/${chat}`;
  return settings === null ? place : `${place}?settings=${settings}`;
}

export function openChat(chat: ChatId): void {
  go({ chat, isInfoOpen: false, settings: null }, currentRoute().chat !== null);
}

/** Goes to a chat, or to the list, so that Back does not lead to where the page is now. */
export function replaceBy(chat: ChatId | null): void {
  go({ chat, isInfoOpen: false, settings: null }, true);
}

export function openInfo(): void {
  const current = currentRoute();
  if (current.chat !== null && !current.isInfoOpen) go({ ...current, isInfoOpen: true }, false);
}

export function openSettings(settings: SettingsPage): void {
  const current = currentRoute();
  if (current.settings !== settings) go({ ...current, settings }, false);
}

/** One step out: from a page of the settings, from the settings, the info, the chat. */
export function stepOut(): void {
  const outer = outside(currentRoute());
  if (outer === null) return;
  if (depth() > 0) history.back();
  else go(outer, true);
}

/** Where one step out of `from` leads, for a page that was opened there; null from the list. */
export function outside(from: Route): Route | null {
  if (from.settings !== null) {
    return { ...from, settings: from.settings === "overview" ? null : "overview" };
  }
  if (from.isInfoOpen) return { ...from, isInfoOpen: false };
  return from.chat === null ? null : { ...from, chat: null };
}

function go(to: Route, isReplacement: boolean): void {
  if (isReplacement) history.replaceState({ depth: depth() }, "", hashOf(to));
  else history.pushState({ depth: depth() + 1 }, "", hashOf(to));
  for (const listener of listeners) listener();
}

function depth(): number {
  const state: unknown = history.state;
  if (typeof state !== "object" || state === null || !("depth" in state)) return 0;
  const { depth: value }: { depth?: unknown } = state;
  return typeof value === "number" ? value : 0;
}
