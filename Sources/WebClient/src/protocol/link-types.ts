// What the HTTP side answers about invite links, as JSON carries it.

import { Fields } from "./fields";
import type { AccountId, ChatId } from "./ids";

/** A link by which people join a chat. */
export interface InviteLink {
  readonly id: string;
  readonly secret: string;
  /** What its maker calls it; may be empty. */
  readonly name: string;
  /** From then on it lets nobody in; missing: never. */
  readonly expires?: number;
  /** How many it lets in; missing: no limit. */
  readonly uses?: number;
  readonly maker: AccountId;
  /** How many it has let in. */
  readonly used: number;
  /** Its maker may not invite any more: it lets nobody in. */
  readonly isHeld: boolean;
}

/** What a link shows of its chat. */
export interface Invitation {
  readonly chat: ChatId;
  readonly kind: "private" | "public";
  readonly name: string;
  readonly fullName: string;
  readonly members: number;
  readonly isMember: boolean;
}

export function readLink(value: unknown): InviteLink {
  const f = Fields.of(value);
  return {
    id: f.string("id"),
    secret: f.string("secret"),
    name: f.string("name"),
    ...(f.has("expires") ? { expires: f.integer("expires") } : {}),
    ...(f.has("uses") ? { uses: f.integer("uses") } : {}),
    maker: f.account("maker"),
    used: f.integer("used"),
    isHeld: f.boolean("isHeld"),
  };
}

export function readInvitation(value: unknown): Invitation {
  const f = Fields.of(value);
  return {
    chat: f.chat("chat"),
    kind: f.string("kind") === "public" ? "public" : "private",
    name: f.string("name"),
    fullName: f.string("fullName"),
    members: f.integer("members"),
    isMember: f.boolean("isMember"),
  };
}
