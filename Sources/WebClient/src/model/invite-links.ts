// Invite links: their addresses, and what is the matter with one.

import type { Entry } from "../protocol/frames";
import { isChatId } from "../protocol/ids";
import type { ChatId } from "../protocol/ids";
import type { InviteLink } from "../protocol/link-types";

/** What the address of a link says. */
export interface JoinAddress {
  readonly chat: ChatId;
  readonly secret: string;
}

/** Why a link lets nobody in, or `open`. */
export type LinkState = "open" | "expired" | "usedUp" | "held";

/** `#/join/CHAT.SECRET`; null for every other address. The secret is in the fragment, which no server is told. */
export function joinAddressOf(hash: string): JoinAddress | null {
  const [, place = "", rest = ""] = hash.split("/");
  const [chat = "", secret = ""] = rest.split(".");
  return place === "join" && isChatId(chat) && secret !== "" ? { chat, secret } : null;
}

/** The address of a link for people; `page` is that of this page without its fragment. */
export function addressOf({ chat, secret }: JoinAddress, page: string): string {
  return `${page}#/join/${chat}.${secret}`;
}

export function stateOf({ expires, uses, used, isHeld }: InviteLink, now: number): LinkState {
  if (expires !== undefined && expires <= now) return "expired";
  if (uses !== undefined && used >= uses) return "usedUp";
  return isHeld ? "held" : "open";
}

/** The number of the newest entry by which somebody joined by a link, or changed who may invite; 0 for none. Linear. */
export function newestUse(entries: readonly Entry[]): number {
  const told = entries.filter(
    (entry) => entry.kind === "permissionsChanged" || entry.kind === "roleChanged"
      || (entry.kind === "memberAdded" && entry.link !== undefined),
  );
  return told[told.length - 1]?.seq ?? 0;
}
