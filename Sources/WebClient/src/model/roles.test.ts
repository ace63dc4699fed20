import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { account, me, summary, text, you } from "../testing/sample";
import { actsOf } from "./chat-acts";
import { chatFrom, withEntries } from "./chat";
import type { Chat } from "./chat";
import { may, mayAdminister, mayRemove, newestBan, newestRole } from "./roles";
import type { Entry } from "../protocol/frames";

const base = { n: 0, ts: 1, from: you } as const;

function tea(change: Partial<Chat> = {}): Chat {
  return { ...chatFrom(summary({ role: "member", members: 3 }), undefined), ...change };
}

test("owner and admins may all, members what the switches say, and visitors write alone", () => {
  const closed = { permissions: [] } as const;
  equal(may({ role: "owner", ...closed }, "send"), true);
  equal(may({ role: "admin", ...closed }, "delete"), true);
  equal(may({ role: "member", ...closed }, "send"), false);
  equal(may({ role: "member", permissions: ["info"] }, "info"), true);
  equal(may({ role: "visitor", permissions: ["send", "invite", "info"] }, "send"), true);
  equal(may({ role: "visitor", permissions: ["send", "invite", "info"] }, "invite"), false);
});

test("the owner removes all others, an admin members, and nobody the owner", () => {
  deepEqual([mayRemove("owner", "admin"), mayRemove("owner", "owner")], [true, false]);
  deepEqual([mayRemove("admin", "member"), mayRemove("admin", "visitor"), mayRemove("admin", "admin")], [true, true, false]);
  deepEqual([mayRemove("admin", "owner"), mayRemove("member", "member")], [false, false]);
  deepEqual([mayAdminister("owner"), mayAdminister("admin"), mayAdminister("member")], [true, true, false]);
});

test("only what one may do to a chat is offered", () => {
  deepEqual(actsOf(tea({ role: "owner" })), ["invite", "rename", "delete"]);
  deepEqual(actsOf(tea({ role: "admin", permissions: [] })), ["invite", "rename"]);
  deepEqual(actsOf(tea({ permissions: ["send", "info"] })), ["rename"]);
  deepEqual(actsOf(tea({ role: "owner", creator: null })), []);
});

test("what the log says of roles, switches and words is so at once", () => {
  const after = (chat: Chat, ...entries: readonly Entry[]) => withEntries(chat, entries, me);
  const promoted = after(tea(), { ...base, seq: 11, kind: "roleChanged", account: me, role: "admin" });
  equal(promoted.role, "admin");
  equal(after(promoted, { ...base, seq: 12, kind: "roleChanged", account: you, role: "member" }).role, "admin");
  const owned = after(promoted, { ...base, seq: 12, kind: "ownerChanged", account: me });
  equal(owned.role, "owner");
  equal(after(owned, { ...base, seq: 13, kind: "ownerChanged", account: you }).role, "admin");
  const quiet = after(tea(), { ...base, seq: 11, kind: "permissionsChanged", permissions: ["info"] });
  deepEqual([may(quiet, "send"), may(quiet, "info")], [false, true]);
  equal(after(tea(), { ...base, seq: 11, kind: "described", about: "At five" }).about, "At five");
});

test("a ban counts who was a member, and nobody else", () => {
  const ban = (wasMember: boolean): Entry => ({ ...base, seq: 11, kind: "memberBanned", account: account("3"), wasMember });
  equal(withEntries(tea(), [ban(true)], me).members, 2);
  equal(withEntries(tea(), [ban(false)], me).members, 3);
});

test("lists of members and of the banned are told when they changed last", () => {
  const chat = tea({
    entries: [
      text(10, 8),
      { ...base, seq: 11, kind: "memberBanned", account: you, wasMember: true },
      { ...base, seq: 12, kind: "roleChanged", account: you, role: "admin" },
    ],
  });
  deepEqual([newestBan(chat), newestRole(chat)], [11, 12]);
  deepEqual([newestBan(tea({ entries: [] })), newestRole(tea({ entries: [] }))], [0, 0]);
});
