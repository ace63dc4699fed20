import { equal } from "node:assert/strict";
import { test } from "node:test";
import { focusAfter } from "./use-places";
import type { Route } from "./routes";
import { chatId } from "../testing/sample";

const list: Route = { chat: null, isInfoOpen: false, settings: null };
const chat: Route = { ...list, chat: chatId("a") };
const info: Route = { ...chat, isInfoOpen: true };

test("whoever leaves a chat is back on its row", () => {
  equal(focusAfter(chat, list), `[data-chat="${chatId("a")}"]`);
});

test("the info takes the focus and gives it back to the header", () => {
  equal(focusAfter(chat, info), "[data-focus=info] button");
  equal(focusAfter(info, chat), "[data-focus=header]");
});

test("a page of the settings gives it back to its row, the settings to the menu", () => {
  equal(focusAfter({ ...list, settings: "look" }, { ...list, settings: "overview" }), '[data-page="look"]');
  equal(focusAfter({ ...list, settings: "overview" }, list), "[data-focus=menu] button");
  equal(focusAfter(list, { ...list, settings: "overview" }), null);
});

test("another chat sets its own", () => {
  equal(focusAfter(chat, { ...list, chat: chatId("b") }), null);
  equal(focusAfter(list, chat), null);
});
