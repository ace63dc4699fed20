// What the HTTP side answers, as JSON carries it.

import { Fields } from "./fields";
import type { ChatSettings, Cursor, Entry, Mark, MessagePlace, Permission, Place, WhoMayKnow } from "./frames";
import {
  readCursor, readEntry, readMark, readPermissions, readPlace, readReplyIfAny, readSettings, readWhoMayKnow,
} from "./codec";
import type { AccountId, ChatId, SessionId } from "./ids";

export interface Me {
  readonly id: AccountId;
  /** Empty while there is none. */
  readonly phone: string;
  readonly name: string;
  readonly username: string | null;
  /** Whether it can be signed in to by a password. */
  readonly hasPassword: boolean;
  /** Whether name and username are chosen. */
  readonly isComplete: boolean;
  /** Who may know when I was last there. */
  readonly lastSeen: WhoMayKnow;
}

export interface Person {
  readonly id: AccountId;
  readonly name: string;
  readonly username: string | null;
}

/** `direct`: the one chat of two people, which both have for good. */
export type ChatKind = "private" | "public" | "direct";
export type Role = "owner" | "admin" | "member" | "visitor";

export interface ChatSummary {
  readonly id: ChatId;
  readonly kind: ChatKind;
  readonly name: string;
  readonly fullName: string;
  readonly creator: AccountId | null;
  readonly role: Role;
  readonly members: number;
  readonly epoch: number;
  readonly head: Place;
  readonly mark: number;
  readonly marksVersion: number;
  readonly marks: readonly Mark[];
  /** The newest entry that is a line by itself. */
  readonly last: Entry | null;
  /** The number of the newest entry that changed an earlier one; 0 for none. */
  readonly changed: number;
  /** The ordinals of deleted messages above the mark, ascending. */
  readonly erased: readonly number[];
  /** Of a direct chat the other of its two, or oneself; null of every other chat. */
  readonly peer: AccountId | null;
  /** What it is about; may be empty. */
  readonly about: string;
  /** What plain members may. */
  readonly permissions: readonly Permission[];
  /** The numbers of the pinned messages, ascending. */
  readonly pins: readonly number[];
}

export interface Member {
  readonly account: AccountId;
  readonly role: Role;
}

export interface ChatDetails extends ChatSummary {
  readonly memberList: readonly Member[];
}

export interface ChatList {
  readonly chats: readonly ChatSummary[];
  readonly inbox: Cursor;
}

export interface HistoryPage {
  readonly epoch: number;
  readonly entries: readonly Entry[];
  readonly head: Place;
}

/** Every star of the account, at least as the inbox says it up to the cursor. */
export interface StarList {
  readonly stars: readonly (MessagePlace & { readonly place: number })[];
  readonly inbox: Cursor;
}

/** What is kept about chats, at least as the inbox says it up to the cursor. */
export interface SettingsList {
  readonly settings: readonly (readonly [ChatId, ChatSettings])[];
  readonly inbox: Cursor;
}

/** What the account began to write in a chat, on any of its devices. */
export interface CloudDraft {
  readonly chat: ChatId;
  readonly text: string;
  readonly replyTo?: number;
  /** When it was saved. */
  readonly ts: number;
}

/** A message that was found. */
export interface FoundMessage {
  readonly chat: ChatId;
  readonly entry: Entry;
  /** What to mark in its text: starts and ends, ascending and apart. */
  readonly marks: readonly (readonly [number, number])[];
}

export interface FoundPage {
  /** The newest first. */
  readonly hits: readonly FoundMessage[];
  /** Where the next page begins; null when there is none. */
  readonly next: string | null;
  /** Whether some nodes did not answer. */
  readonly isPartial: boolean;
}

export interface SessionInfo {
  readonly id: SessionId;
  readonly device: string;
  readonly created: number;
  readonly current: boolean;
}

/** An error of the HTTP side, or of the way to it (code `network`). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryable: boolean,
    /** Milliseconds; 0 when the server said nothing. */
    readonly retryAfter: number,
  ) {
    super(message);
  }
}

export function readMe(value: unknown): Me {
  const f = Fields.of(value);
  return {
    id: f.account("id"),
    phone: f.string("phone"),
    name: f.has("name") ? f.string("name") : "",
    username: f.nullableString("username"),
    // A browser that was here before keeps it without.
    hasPassword: f.has("hasPassword") && f.boolean("hasPassword"),
    isComplete: f.boolean("isComplete"),
    // Kept by a version that did not know it.
    lastSeen: f.has("lastSeen") ? readWhoMayKnow(f.string("lastSeen")) : "everybody",
  };
}

export function readPerson(value: unknown): Person {
  const f = Fields.of(value);
  return { id: f.account("id"), name: f.string("name"), username: f.nullableString("username") };
}

export function readChat(value: unknown): ChatSummary {
  const f = Fields.of(value);
  return {
    ...readChatFields(f),
    marks: f.list("marks", readMark),
    last: f.has("last") ? readEntry(f.child("last")) : null,
  };
}

/** What a chat has in every form in which it travels or is kept. */
export function readChatFields(f: Fields): Omit<ChatSummary, "marks" | "last"> {
  return {
    id: f.chat("id"),
    kind: readKind(f.string("kind")),
    name: f.string("name"),
    fullName: f.string("fullName"),
    creator: f.nullableAccount("creator"),
    role: readRole(f.string("role")),
    members: f.integer("members"),
    epoch: f.integer("epoch"),
    head: readPlace(f.child("head")),
    mark: f.integer("mark"),
    marksVersion: f.integer("marksVersion"),
    changed: f.integer("changed"),
    erased: f.integers("erased"),
    peer: f.nullableAccount("peer"),
    about: f.nullableString("about") ?? "",
    // What was kept before there were switches has none; the cluster tells them soon.
    permissions: f.has("permissions") ? readPermissions(f) : ["send", "media"],
    // Kept by a version that knew none.
    pins: f.has("pins") ? f.integers("pins") : [],
  };
}

export function readChatDetails(value: unknown): ChatDetails {
  return { ...readChat(value), memberList: Fields.of(value).list("memberList", readMember) };
}

export function readChatList(value: unknown): ChatList {
  const f = Fields.of(value);
  return { chats: f.list("chats", readChat), inbox: readCursor(f.child("inbox")) };
}

export function readAccounts(value: unknown, name: string): readonly AccountId[] {
  return Fields.of(value).list(name, (account) => new Fields({ account }).account("account"));
}

export function readStarList(value: unknown): StarList {
  const f = Fields.of(value);
  return {
    stars: f.list("stars", (star) => {
      const one = Fields.of(star);
      return { chat: one.chat("chat"), seq: one.seq("seq"), place: one.seq("place") };
    }),
    inbox: readCursor(f.child("inbox")),
  };
}

/** `settings` is the list of all, or one alone. */
export function readSettingsList(value: unknown): SettingsList {
  const f = Fields.of(value);
  const one = (item: unknown) => {
    const settings = item instanceof Fields ? item : Fields.of(item);
    return [settings.chat("chat"), readSettings(settings)] as const;
  };
  const { settings } = f.object;
  return {
    settings: Array.isArray(settings) ? f.list("settings", one) : [one(f.child("settings"))],
    inbox: readCursor(f.child("inbox")),
  };
}

export function readDraftList(value: unknown): readonly CloudDraft[] {
  return Fields.of(value).list("drafts", (item) => {
    const f = Fields.of(item);
    return { chat: f.chat("chat"), text: f.string("text"), ...readReplyIfAny(f), ts: f.integer("ts") };
  });
}

export function readHistoryPage(value: unknown): HistoryPage {
  const f = Fields.of(value);
  return {
    epoch: f.integer("epoch"),
    entries: f.list("entries", readEntry),
    head: readPlace(f.child("head")),
  };
}

export function readFoundPage(value: unknown): FoundPage {
  const f = Fields.of(value);
  return {
    hits: f.list("hits", readFoundMessage),
    next: f.nullableString("next"),
    isPartial: f.boolean("isPartial"),
  };
}

function readFoundMessage(value: unknown): FoundMessage {
  const f = Fields.of(value);
  return {
    chat: f.chat("chat"),
    entry: readEntry(f.object["entry"]),
    marks: f.list("marks", (mark) => {
      const [start = 0, end = 0] = new Fields({ mark }).integers("mark");
      return [start, end] as const;
    }),
  };
}

export function readSessionInfo(value: unknown): SessionInfo {
  const f = Fields.of(value);
  return {
    id: f.session("id"),
    device: f.has("device") ? f.string("device") : "",
    created: f.integer("created"),
    current: f.boolean("current"),
  };
}

function readMember(value: unknown): Member {
  const f = Fields.of(value);
  return { account: f.account("account"), role: readRole(f.string("role")) };
}

function readKind(text: string): ChatKind {
  return text === "public" || text === "direct" ? text : "private";
}

function readRole(text: string): Role {
  // What was kept before there were roles calls the owner so.
  if (text === "creator") return "owner";
  return text === "owner" || text === "admin" || text === "member" ? text : "visitor";
}
