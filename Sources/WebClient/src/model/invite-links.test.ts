import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { addressOf, joinAddressOf, newestUse, stateOf } from "./invite-links";
import type { Entry } from "../protocol/frames";
import type { InviteLink } from "../protocol/link-types";
import { account, chatId } from "../testing/sample";

const chat = chatId("a");
const link: InviteLink = { id: "1", secret: "5e", name: "", maker: account("1"), used: 2, isHeld: false };

test("the address of a link leads to it, and every other address to none", () => {
  const address = addressOf({ chat, secret: "5e" }, "https://host/");
  equal(address, `https://host/#/join/${chat}.5e`);
  deepEqual(joinAddressOf(new URL(address).hash), { chat, secret: "5e" });
  for (const hash of ["", "#/", `#/${chat}`, `#/join/${chat}`, `#/join/${chat}.`, "#/join/nonsense.5e", `#/${chat}/join.5e`]) {
    equal(joinAddressOf(hash), null);
  }
});

test("a link is open until it expires, is used up, or its maker may not invite", () => {
  equal(stateOf(link, 100), "open");
  equal(stateOf({ ...link, expires: 101, uses: 3 }, 100), "open");
  equal(stateOf({ ...link, expires: 100 }, 100), "expired");
  equal(stateOf({ ...link, uses: 2 }, 100), "usedUp");
  equal(stateOf({ ...link, isHeld: true }, 100), "held");
});

test("what changes a list of links is a join by one and another right to invite, and no other join", () => {
  const base = { n: 0, ts: 0, from: account("1"), account: account("1") };
  const joined: Entry = { ...base, kind: "memberAdded", seq: 3, link: "1" };
  const invited: Entry = { ...base, kind: "memberAdded", seq: 4 };
  equal(newestUse([invited]), 0);
  equal(newestUse([joined, invited]), 3);
  equal(newestUse([joined, invited, { ...base, kind: "permissionsChanged", seq: 5, permissions: [] }]), 5);
});
