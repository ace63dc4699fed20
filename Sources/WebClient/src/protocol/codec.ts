// Frames from and to JSON text. Decoding is total: bytes from a socket never throw, a frame that is
// not understood answers null, and an entry of an unknown kind keeps its place in the numbering.

import { DecodeError, Fields, readString } from "./fields";
import { permissions } from "./frames";
import type {
  ChatSettings, ClientFrame, CompanyFrame, Cursor, Entry, Mark, MessagePlace, Origin, Permission, PersonPresence, Place,
  Reactions, ReactionTally, ServerFrame, WhoMayKnow,
} from "./frames";

/** The frame in `text`, or null when it is malformed or of a kind that this version does not know. */
export function decodeServerFrame(text: string): ServerFrame | CompanyFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return total(() => readServerFrame(Fields.of(value)));
}

/** Whether a frame is of no log: who types and who is there. */
export function isOfCompany(frame: ServerFrame | CompanyFrame): frame is CompanyFrame {
  return frame.kind === "typing" || frame.kind === "presence";
}

/** The JSON text of a frame that we send. */
export function encodeClientFrame(frame: ClientFrame): string {
  return JSON.stringify(frame);
}

/** Runs a reader; what it refuses is null. */
export function total<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

function readServerFrame(f: Fields): ServerFrame | CompanyFrame | null {
  const kind = f.string("kind");
  switch (kind) {
    case "typing":
      return { kind, chat: f.chat("chat"), account: f.account("account"), seq: f.integer("seq") };
    case "presence":
      return { kind, people: f.list("people", readPresence) };
    case "welcome":
      return readWelcome(f);
    case "difference":
      return {
        kind,
        log: f.log("log"),
        epoch: f.integer("epoch"),
        entries: f.list("entries", readEntry),
        head: readPlace(f.child("head")),
        ...readMarksIfAny(f),
        more: f.boolean("more"),
      };
    case "tooLong":
      return {
        kind,
        log: f.log("log"),
        epoch: f.integer("epoch"),
        head: readPlace(f.child("head")),
        tail: readPlace(f.child("tail")),
        ...readMarksIfAny(f),
      };
    case "push": {
      const entry = readEntry(f.child("entry"));
      const seq = f.integer("seq");
      if (entry.seq !== seq) throw new DecodeError("entry.seq is another than seq");
      return { kind, log: f.log("log"), epoch: f.integer("epoch"), seq, entry };
    }
    case "marks":
      return {
        kind,
        chat: f.chat("chat"),
        marksVersion: f.integer("marksVersion"),
        marks: f.list("marks", readMark),
      };
    case "advanced":
      return { kind, log: f.log("log"), head: readPlace(f.child("head")) };
    case "ack":
      return {
        kind,
        cmid: f.message("cmid"),
        chat: f.chat("chat"),
        seq: f.integer("seq"),
        n: f.integer("n"),
        ts: f.integer("ts"),
      };
    case "error":
      return {
        kind,
        ...(f.has("cmid") ? { cmid: f.message("cmid") } : {}),
        ...(f.has("log") ? { log: f.log("log") } : {}),
        code: f.string("code"),
        message: f.string("message"),
        retryable: f.boolean("retryable"),
        ...(f.has("retryAfter") ? { retryAfter: f.integer("retryAfter") } : {}),
      };
    case "pong":
      return {
        kind,
        inbox: readCursor(f.child("inbox")),
        ticket: f.string("ticket"),
        now: f.integer("now"),
      };
    case "goaway":
      return {
        kind,
        after: f.integer("after"),
        spread: f.integer("spread"),
        reason: f.string("reason"),
      };
    case "slowDown":
      return { kind, retryAfter: f.integer("retryAfter") };
    case "live":
    case "resync":
    case "authExpired":
      return { kind };
    default:
      return null;
  }
}

function readWelcome(f: Fields): ServerFrame {
  const account = f.child("account");
  return {
    kind: "welcome",
    account: {
      id: account.account("id"),
      name: account.string("name"),
      username: account.nullableString("username"),
    },
    session: f.session("session"),
    heartbeat: f.integer("heartbeat"),
    now: f.integer("now"),
    limits: f.numbers("limits"),
    nodes: f.list("nodes", readString),
    ticket: f.string("ticket"),
    ...(f.has("bearer") ? { bearer: f.string("bearer") } : {}),
    inbox: readCursor(f.child("inbox")),
  };
}

/** An entry of a log. Kinds and fields that this version does not know give an unknown entry. */
export function readEntry(value: unknown): Entry {
  const f = value instanceof Fields ? value : Fields.of(value);
  const base = {
    seq: f.integer("seq"),
    n: f.integer("n"),
    ts: f.integer("ts"),
    from: f.nullableAccount("from"),
  };
  const kind = f.string("kind");
  const known = total((): Entry | null => {
    switch (kind) {
      case "text":
        return {
          ...base, kind, text: f.string("text"), ...readReplyIfAny(f), ...readOriginIfAny(f), ...readChangeIfAny(f, "edited"),
          ...readReactionsIfAny(f),
        };
      case "edited":
        return { ...base, kind, target: f.seq("target"), ...(f.has("text") ? { text: f.string("text") } : {}) };
      case "erased":
        return { ...base, kind, ...readChangeIfAny(f, "deleted") };
      case "messageDeleted":
        return { ...base, kind, target: f.seq("target"), targetN: f.integer("targetN") };
      case "reacted":
        return { ...base, kind, target: f.seq("target"), ...readEmojiIfAny(f), tallies: f.list("tallies", readTally) };
      case "pinned":
      case "unpinned":
        return { ...base, kind, target: f.seq("target") };
      case "created":
      case "renamed":
        return { ...base, kind, name: f.string("name"), fullName: f.string("fullName") };
      case "memberAdded":
        return { ...base, kind, account: f.account("account"), ...(f.has("link") ? { link: f.string("link") } : {}) };
      case "opened":
      case "memberRemoved":
      case "ownerChanged":
      case "memberUnbanned":
        return { ...base, kind, account: f.account("account") };
      case "roleChanged":
        return { ...base, kind, account: f.account("account"), role: readRank(f.string("role")) };
      case "memberBanned":
        return { ...base, kind, account: f.account("account"), wasMember: f.boolean("wasMember") };
      case "described":
        return { ...base, kind, about: f.string("about") };
      case "permissionsChanged":
        return { ...base, kind, permissions: readPermissions(f) };
      case "deleted":
      case "profileChanged":
        return { ...base, kind };
      case "chatAdded":
      case "chatRemoved":
        return { ...base, kind, chat: f.chat("chat") };
      case "sessionOpened":
        return { ...base, kind, session: f.session("session"), device: f.string("device") };
      case "starred":
      case "unstarred":
        return { ...base, kind, chat: f.chat("chat"), target: f.seq("target") };
      case "draft":
        return { ...base, kind, chat: f.chat("chat"), isThere: f.boolean("isThere") };
      case "privacyChanged":
        return { ...base, kind, lastSeen: readWhoMayKnow(f.string("lastSeen")) };
      case "chatSettings":
        return { ...base, kind, chat: f.chat("chat"), ...readSettings(f) };
      case "sessionRevoked":
        return { ...base, kind, session: f.session("session") };
      default:
        return null;
    }
  });
  return known ?? { ...base, kind: "unknown", original: kind };
}

function readPresence(value: unknown): PersonPresence {
  const f = Fields.of(value);
  const is = f.string("is");
  const known = (["online", "offline", "recently", "week", "month", "long"] as const).find((word) => word === is);
  if (known === undefined) throw new DecodeError("is is none");
  return { account: f.account("account"), is: known, ...(f.has("lastSeen") ? { lastSeen: f.integer("lastSeen") } : {}) };
}

export function readWhoMayKnow(text: string): WhoMayKnow {
  if (text === "everybody" || text === "nobody") return text;
  throw new DecodeError("that is nobody who may know");
}

function readRank(text: string): "admin" | "member" {
  if (text === "admin" || text === "member") return text;
  throw new DecodeError("role is none");
}

/** Words that this version does not know are left out. */
export function readPermissions(f: Fields): readonly Permission[] {
  const named = f.list("permissions", readString);
  return permissions.filter((permission) => named.includes(permission));
}

export function readMark(value: unknown): Mark {
  const f = Fields.of(value);
  return { account: f.account("account"), n: f.integer("n") };
}

export function readPlace(f: Fields): Place {
  return { seq: f.integer("seq"), n: f.integer("n") };
}

export function readCursor(f: Fields): Cursor {
  return { epoch: f.integer("epoch"), seq: f.integer("seq") };
}

export function readSettings(f: Fields): ChatSettings {
  return {
    mutedUntil: f.integer("mutedUntil"),
    pin: f.integer("pin"),
    ...(f.has("archived") ? { archived: f.integer("archived") } : {}),
    isUnread: f.boolean("isUnread"),
  };
}

export function readReplyIfAny(f: Fields): { replyTo?: number } {
  return f.has("replyTo") ? { replyTo: f.seq("replyTo") } : {};
}

function readOriginIfAny(f: Fields): { origin?: Origin } {
  if (!f.has("origin")) return {};
  const origin = f.child("origin");
  return { origin: { account: origin.account("account"), name: origin.string("name"), ts: origin.integer("ts") } };
}

export function readMessagePlace(f: Fields): MessagePlace {
  return { chat: f.chat("chat"), seq: f.seq("seq") };
}

function readChangeIfAny<Name extends "edited" | "deleted">(f: Fields, name: Name): { [N in Name]?: { seq: number; ts: number } } {
  const change: { [N in Name]?: { seq: number; ts: number } } = {};
  if (!f.has(name)) return change;
  const child = f.child(name);
  change[name] = { seq: child.seq("seq"), ts: child.integer("ts") };
  return change;
}

function readReactionsIfAny(f: Fields): { reactions?: Reactions } {
  if (!f.has("reactions")) return {};
  const child = f.child("reactions");
  const mine = child.has("mine") ? { mine: child.string("mine") } : {};
  return { reactions: { seq: child.seq("seq"), ...mine, tallies: child.list("tallies", readTally) } };
}

export function readEmojiIfAny(f: Fields): { emoji?: string } {
  return f.has("emoji") ? { emoji: f.string("emoji") } : {};
}

function readTally(value: unknown): ReactionTally {
  const f = Fields.of(value);
  const first = f.list("first", (account) => new Fields({ account }).account("account"));
  return { emoji: f.string("emoji"), count: f.seq("count"), first };
}

function readMarksIfAny(f: Fields): { marksVersion?: number; marks?: readonly Mark[] } {
  return {
    ...(f.has("marksVersion") ? { marksVersion: f.integer("marksVersion") } : {}),
    ...(f.has("marks") ? { marks: f.list("marks", readMark) } : {}),
  };
}
