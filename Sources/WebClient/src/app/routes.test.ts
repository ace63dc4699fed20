import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { hashOf, outside, routeOf } from "./routes";
import type { Route } from "./routes";
import { chatId } from "../testing/sample";

const list: Route = { chat: null, isInfoOpen: false, settings: null };
const chat = chatId("a");

test("every place has an address, and the address leads there", () => {
  const places: readonly Route[] = [
    list,
    { ...list, chat },
    { ...list, chat, isInfoOpen: true },
    { ...list, settings: "overview" },
    { ...list, chat, isInfoOpen: true, settings: "look" },
  ];
  for (const place of places) deepEqual(routeOf(hashOf(place)), place);
});

test("an address that means nothing is the list", () => {
  for (const hash of ["", "#", "#/nonsense", "#/nonsense/info", "#/?settings=doors", "#//info"]) {
    deepEqual(routeOf(hash), list);
  }
});

test("the way out is: page, settings, info, chat, list", () => {
  const steps: string[] = [];
  let place: Route | null = { chat, isInfoOpen: true, settings: "keys" };
  while (place !== null) {
    steps.push(hashOf(place));
    place = outside(place);
  }
  deepEqual(steps, [
    `#/${chat}/info?settings=keys`, `#/${chat}/info?settings=overview`, `#/${chat}/info`, `#/${chat}`, "#/",
  ]);
  equal(outside(list), null);
});
