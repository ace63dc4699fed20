// Every frame of the socket, as JSON carries it. Written by hand on both sides; the vectors in
// Tests/Vectors/frames.json hold both to the same shape.

import type { AccountId, ChatId, LogId, MessageId, SessionId } from "./ids";

/** Where a reader of a log stands. `seq` 0 means that nothing is known. */
export interface Cursor {
  readonly epoch: number;
  readonly seq: number;
}

/** A place in a thread: the entry's number and the number of messages up to it. */
export interface Place {
  readonly seq: number;
  readonly n: number;
}

/** How far an account has read, as the ordinal of a message. */
export interface Mark {
  readonly account: AccountId;
  readonly n: number;
}

interface EntryBase {
  readonly seq: number;
  /** The ordinal among messages; 0 for what is no message. */
  readonly n: number;
  /** Milliseconds since 1970. */
  readonly ts: number;
  /** Who did it; null is the cluster itself. */
  readonly from: AccountId | null;
}

/** Where the words of a forwarded message are from. */
export interface Origin {
  readonly account: AccountId;
  /** What the account was called when they were forwarded first; may be empty. */
  readonly name: string;
  /** When they were sent first. */
  readonly ts: number;
}

/** Where a message stands. */
export interface MessagePlace {
  readonly chat: ChatId;
  readonly seq: number;
}

export interface TextEntry extends EntryBase {
  readonly kind: "text";
  readonly text: string;
  /** The number of the earlier message of the chat that this one answers. */
  readonly replyTo?: number;
  /** Of a forwarded message: who wrote it first. */
  readonly origin?: Origin;
  /** The entry that gave it its words, when it was edited. */
  readonly edited?: { readonly seq: number; readonly ts: number };
  /** What people say of it; missing when nobody ever did. */
  readonly reactions?: Reactions;
}

/** How many reacted to a message with one emoji. */
export interface ReactionTally {
  readonly emoji: string;
  readonly count: number;
  /** The first of them, at most three. */
  readonly first: readonly AccountId[];
}

/** What people say of a message, each with one emoji. */
export interface Reactions {
  /** The newest entry that is counted here. */
  readonly seq: number;
  /** With what I reacted; missing when I did not. */
  readonly mine?: string;
  /** In the order in which the emoji came; empty when all was taken back. */
  readonly tallies: readonly ReactionTally[];
}

/** An earlier message got other words. */
export interface EditedEntry extends EntryBase {
  readonly kind: "edited";
  readonly target: number;
  /** Missing once the message has others than these. */
  readonly text?: string;
}

/** A message was here, and was deleted. */
export interface ErasedEntry extends EntryBase {
  readonly kind: "erased";
  /** The entry that deleted it, where that may be known. */
  readonly deleted?: { readonly seq: number; readonly ts: number };
}

/** An earlier message, whose ordinal is `targetN`, was deleted. */
export interface MessageDeletedEntry extends EntryBase {
  readonly kind: "messageDeleted";
  readonly target: number;
  readonly targetN: number;
}

/** The sender says an emoji of an earlier message instead of what it said before. */
export interface ReactedEntry extends EntryBase {
  readonly kind: "reacted";
  readonly target: number;
  /** Missing: it takes back what it said. */
  readonly emoji?: string;
  /** What all say of the message then. */
  readonly tallies: readonly ReactionTally[];
}

/** An earlier message is pinned for everybody. */
export interface PinnedEntry extends EntryBase {
  readonly kind: "pinned";
  readonly target: number;
}

/** It is so no longer. */
export interface UnpinnedEntry extends EntryBase {
  readonly kind: "unpinned";
  readonly target: number;
}

/** What is no line of a thread by itself. */
export type UnseenEntry = EditedEntry | ErasedEntry | MessageDeletedEntry | ReactedEntry | UnpinnedEntry;

export interface NamedEntry extends EntryBase {
  readonly kind: "created" | "renamed";
  readonly name: string;
  readonly fullName: string;
}

export interface MemberEntry extends EntryBase {
  readonly kind: "opened" | "memberRemoved" | "ownerChanged" | "memberUnbanned";
  readonly account: AccountId;
}

export interface MemberAddedEntry extends EntryBase {
  readonly kind: "memberAdded";
  readonly account: AccountId;
  /** The id of the invite link by which somebody joined. */
  readonly link?: string;
}

/** The account became an admin, or is a plain member again. */
export interface RoleEntry extends EntryBase {
  readonly kind: "roleChanged";
  readonly account: AccountId;
  readonly role: "admin" | "member";
}

/** The account stays out; if it was a member, it is one no longer. */
export interface BannedEntry extends EntryBase {
  readonly kind: "memberBanned";
  readonly account: AccountId;
  readonly wasMember: boolean;
}

export interface DescribedEntry extends EntryBase {
  readonly kind: "described";
  readonly about: string;
}

/** The switches of a chat: what plain members may. */
export const permissions = ["send", "media", "invite", "pin", "info", "delete"] as const;

export type Permission = typeof permissions[number];

export interface PermissionsEntry extends EntryBase {
  readonly kind: "permissionsChanged";
  readonly permissions: readonly Permission[];
}

export interface DeletedEntry extends EntryBase {
  readonly kind: "deleted";
}

export interface ListedEntry extends EntryBase {
  readonly kind: "chatAdded" | "chatRemoved";
  readonly chat: ChatId;
}

export interface ProfileEntry extends EntryBase {
  readonly kind: "profileChanged";
}

export interface SessionOpenedEntry extends EntryBase {
  readonly kind: "sessionOpened";
  readonly session: SessionId;
  readonly device: string;
}

export interface SessionRevokedEntry extends EntryBase {
  readonly kind: "sessionRevoked";
  readonly session: SessionId;
}

/** The account has a star at the message `target` of a chat, or has none there any more. */
export interface StarEntry extends EntryBase {
  readonly kind: "starred" | "unstarred";
  readonly chat: ChatId;
  readonly target: number;
}

/** What the account keeps about one of its chats. */
export interface ChatSettings {
  /** Milliseconds since 1970; 0: not muted. */
  readonly mutedUntil: number;
  /** 0: not pinned; the greater stands higher. */
  readonly pin: number;
  /** Archived, when this was its last message; missing: not. */
  readonly archived?: number;
  /** It is to look unread. */
  readonly isUnread: boolean;
}

/** What is to change of them; what is missing stays. */
export interface SettingsChange {
  readonly mutedUntil?: number;
  readonly isPinned?: boolean;
  readonly isArchived?: boolean;
  /** Of a chat that is archived: its last message. */
  readonly n?: number;
  readonly isUnread?: boolean;
}

/** This is kept about a chat from now on. */
export interface SettingsEntry extends EntryBase, ChatSettings {
  readonly kind: "chatSettings";
  readonly chat: ChatId;
}

/** The draft of a chat is another one, or gone. */
export interface DraftEntry extends EntryBase {
  readonly kind: "draft";
  readonly chat: ChatId;
  readonly isThere: boolean;
}

/** Who may know when an account was last there, and whether it is there now. */
export type WhoMayKnow = "everybody" | "nobody";

/** Who may know it from now on. */
export interface PrivacyEntry extends EntryBase {
  readonly kind: "privacyChanged";
  readonly lastSeen: WhoMayKnow;
}

/** An entry that a newer version wrote. It keeps its number and is shown as "update to view". */
export interface UnknownEntry extends EntryBase {
  readonly kind: "unknown";
  readonly original: string;
}

export type Entry =
  | TextEntry
  | UnseenEntry
  | PinnedEntry
  | NamedEntry
  | MemberEntry
  | MemberAddedEntry
  | RoleEntry
  | BannedEntry
  | DescribedEntry
  | PermissionsEntry
  | DeletedEntry
  | ListedEntry
  | ProfileEntry
  | SessionOpenedEntry
  | SessionRevokedEntry
  | StarEntry
  | SettingsEntry
  | DraftEntry
  | PrivacyEntry
  | UnknownEntry;

export interface OpenChat extends Cursor {
  readonly chat: ChatId;
}

export type ClientFrame =
  | {
      readonly kind: "hello";
      readonly token?: string;
      readonly ticket?: string;
      readonly device?: string;
      readonly inbox?: Cursor;
      readonly open: readonly OpenChat[];
    }
  | { readonly kind: "open"; readonly chat: ChatId; readonly epoch: number; readonly seq: number }
  | { readonly kind: "close"; readonly chat: ChatId }
  | { readonly kind: "difference"; readonly log: LogId; readonly epoch: number; readonly seq: number }
  | {
      readonly kind: "send";
      readonly cmid: MessageId;
      readonly chat: ChatId;
      readonly text: string;
      readonly replyTo?: number;
    }
  | { readonly kind: "send"; readonly cmid: MessageId; readonly chat: ChatId; readonly forward: MessagePlace }
  | {
      readonly kind: "edit";
      readonly cmid: MessageId;
      readonly chat: ChatId;
      readonly target: number;
      readonly text: string;
    }
  | {
      readonly kind: "deleteMessage";
      readonly cmid: MessageId;
      readonly chat: ChatId;
      readonly target: number;
    }
  | {
      readonly kind: "rename";
      readonly cmid: MessageId;
      readonly chat: ChatId;
      readonly name: string;
      readonly fullName: string;
    }
  | { readonly kind: "delete"; readonly cmid: MessageId; readonly chat: ChatId }
  | { readonly kind: "mark"; readonly chat: ChatId; readonly n: number }
  | { readonly kind: "ping" }
  | {
      readonly kind: "react";
      readonly cmid: MessageId;
      readonly chat: ChatId;
      readonly target: number;
      readonly emoji?: string;
    }
  /** My person types, uses the client or not, and has these on the screen: only to who knows such frames. */
  | { readonly kind: "typing"; readonly chat: ChatId }
  | { readonly kind: "presence"; readonly active: boolean }
  | { readonly kind: "watch"; readonly accounts: readonly AccountId[] };

export interface Welcome {
  readonly kind: "welcome";
  readonly account: {
    readonly id: AccountId;
    readonly name: string;
    readonly username: string | null;
  };
  readonly session: SessionId;
  /** Seconds between pings. */
  readonly heartbeat: number;
  readonly now: number;
  /** Named limits; a client that does not know a name ignores it. */
  readonly limits: Readonly<Record<string, number>>;
  readonly nodes: readonly string[];
  readonly ticket: string;
  readonly bearer?: string;
  readonly inbox: Cursor;
}

export interface Difference {
  readonly kind: "difference";
  readonly log: LogId;
  readonly epoch: number;
  readonly entries: readonly Entry[];
  readonly head: Place;
  readonly marksVersion?: number;
  readonly marks?: readonly Mark[];
  readonly more: boolean;
}

export interface TooLong {
  readonly kind: "tooLong";
  readonly log: LogId;
  readonly epoch: number;
  readonly head: Place;
  readonly tail: Place;
  readonly marksVersion?: number;
  readonly marks?: readonly Mark[];
}

export interface Push {
  readonly kind: "push";
  readonly log: LogId;
  readonly epoch: number;
  readonly seq: number;
  readonly entry: Entry;
}

export interface Marks {
  readonly kind: "marks";
  readonly chat: ChatId;
  readonly marksVersion: number;
  readonly marks: readonly Mark[];
}

export interface Ack {
  readonly kind: "ack";
  readonly cmid: MessageId;
  readonly chat: ChatId;
  readonly seq: number;
  readonly n: number;
  readonly ts: number;
}

export interface ErrorFrame {
  readonly kind: "error";
  readonly cmid?: MessageId;
  readonly log?: LogId;
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  /** Milliseconds. */
  readonly retryAfter?: number;
}

export interface Pong {
  readonly kind: "pong";
  readonly inbox: Cursor;
  readonly ticket: string;
  readonly now: number;
}

/** Whether somebody is there; the last four of who hides it, and for who does. */
export interface Presence {
  readonly is: "online" | "offline" | "recently" | "week" | "month" | "long";
  /** Of who is offline: milliseconds since 1970, 0 for never. */
  readonly lastSeen?: number;
}

export interface PersonPresence extends Presence {
  readonly account: AccountId;
}

/** What is of no log and of no use to the core: who types and who is there. */
export type CompanyFrame =
  /** The log of the chat ended at `seq` then. */
  | { readonly kind: "typing"; readonly chat: ChatId; readonly account: AccountId; readonly seq: number }
  | { readonly kind: "presence"; readonly people: readonly PersonPresence[] };

export type ServerFrame =
  | Welcome
  | Difference
  | TooLong
  | { readonly kind: "live" }
  | Push
  | Marks
  | { readonly kind: "advanced"; readonly log: LogId; readonly head: Place }
  | Ack
  | ErrorFrame
  | Pong
  | {
      readonly kind: "goaway";
      /** Milliseconds until the socket closes, and the width of the spread after it. */
      readonly after: number;
      readonly spread: number;
      readonly reason: string;
    }
  | { readonly kind: "resync" }
  | { readonly kind: "authExpired" }
  | { readonly kind: "slowDown"; readonly retryAfter: number };
