import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { me, text, you } from "../testing/sample";
import { lineOf } from "./words";

test("a message in one line has neither line breaks nor more characters than are in sight", () => {
  equal(lineOf({ ...text(1, 1), kind: "text", text: " a\n\n\tb " }, {}, me), " a b ");
  const long = lineOf({ ...text(1, 1), kind: "text", text: "👋".repeat(4_096) }, {}, me);
  deepEqual([[...long].length, long.endsWith("👋")], [200, true]);
});

test("what is no message is said in words", () => {
  const entry = { kind: "renamed", seq: 1, n: 0, ts: 0, from: you, name: "tea", fullName: "" } as const;
  equal(lineOf(entry, { [you]: { id: you, name: "Bob", username: null } }, me).includes("Bob"), true);
});
