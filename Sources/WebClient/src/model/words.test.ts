import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { me, text, you } from "../testing/sample";
import { lineOf, titleOf } from "./words";

test("a message in one line has neither line breaks nor more characters than are in sight", () => {
  equal(lineOf({ ...text(1, 1), kind: "text", text: " a\n\n\tb " }, {}, me), " a b ");
  const long = lineOf({ ...text(1, 1), kind: "text", text: "👋".repeat(4_096) }, {}, me);
  deepEqual([[...long].length, long.endsWith("👋")], [200, true]);
});

test("what is no message is said in words", () => {
  const entry = { kind: "renamed", seq: 1, n: 0, ts: 0, from: you, name: "tea", fullName: "" } as const;
  equal(lineOf(entry, { [you]: { id: you, name: "Bob", username: null } }, me).includes("Bob"), true);
});

test("the opening of a direct chat is told from either side, and notes to oneself have a name", () => {
  const entry = { kind: "opened", seq: 1, n: 0, ts: 0, from: me, account: you } as const;
  equal(lineOf(entry, {}, me), "You started this chat");
  equal(lineOf(entry, { [me]: { id: me, name: "Ada", username: null } }, you), "Ada started this chat");
  equal(titleOf({ name: "Ada", peer: me, members: 1 }), "Saved messages");
  equal(titleOf({ name: "Bob", peer: you, members: 2 }), "Bob");
  equal(titleOf({ name: "tea", peer: null, members: 1 }), "tea");
});

test("who became what, who stays out and what changed is told in words", () => {
  const base = { seq: 1, n: 0, ts: 0, from: me, account: you } as const;
  const people = { [you]: { id: you, name: "Bob", username: null } };
  const told = [
    lineOf({ ...base, kind: "roleChanged", role: "admin" }, people, me),
    lineOf({ ...base, kind: "roleChanged", role: "member" }, people, me),
    lineOf({ ...base, kind: "ownerChanged" }, people, me),
    lineOf({ ...base, kind: "memberBanned", wasMember: true }, people, me),
    lineOf({ ...base, kind: "memberUnbanned" }, people, me),
    lineOf({ ...base, from: you, account: me, kind: "memberBanned", wasMember: true }, people, me),
  ];
  deepEqual(told, [
    "You made Bob an admin",
    "You made Bob a plain member",
    "You passed the chat to Bob",
    "You banned Bob",
    "You unbanned Bob",
    "Bob banned you",
  ]);
  const { account: _, ...rest } = base;
  equal(lineOf({ ...rest, kind: "described", about: "x" }, people, me), "You changed the description");
  equal(lineOf({ ...rest, kind: "permissionsChanged", permissions: [] }, people, me), "You changed the permissions");
});
