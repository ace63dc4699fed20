import { deepEqual, ok } from "node:assert/strict";
import { test } from "node:test";
import { forEver, isMuted, mutesFrom } from "./mutes";

test("a chat is muted until its time, and none that nobody muted", () => {
  ok(isMuted({ a: 10 }, "a", 9));
  ok(!isMuted({ a: 10 }, "a", 10));
  ok(!isMuted({ a: 10 }, "b", 9));
  ok(isMuted({ a: forEver }, "a", Date.UTC(2100, 0, 1)));
});

test("what was kept is taken without what is over and without nonsense", () => {
  deepEqual(mutesFrom({ a: 10, b: 9, c: "x", d: null }, 9), { a: 10 });
  for (const value of [null, 7, "x", [], undefined]) deepEqual(mutesFrom(value, 0), {});
});
