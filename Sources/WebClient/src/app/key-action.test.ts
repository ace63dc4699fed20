import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { keyAction } from "./key-action";
import type { Key } from "./key-action";

function key(name: string, held: Partial<Key> = {}): Key {
  return { key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, target: null, ...held };
}

test("the palette opens by Ctrl or Command and K, in a field too", () => {
  deepEqual(keyAction(key("k", { ctrlKey: true }), true, false), { kind: "palette" });
  deepEqual(keyAction(key("K", { metaKey: true }), false, false), { kind: "palette" });
  deepEqual(keyAction(key("f", { ctrlKey: true }), true, false), { kind: "find" });
  deepEqual(keyAction(key("f", { metaKey: true, shiftKey: true }), true, false), { kind: "search" });
  equal(keyAction(key("k"), false, false), null);
});

test("Alt and the arrows go to the neighbours, a command and a digit to the nth chat", () => {
  deepEqual(keyAction(key("ArrowDown", { altKey: true }), true, false), { kind: "step", by: 1 });
  deepEqual(keyAction(key("ArrowUp", { altKey: true }), true, false), { kind: "step", by: -1 });
  deepEqual(keyAction(key("3", { ctrlKey: true }), true, false), { kind: "nth", index: 2 });
  equal(keyAction(key("ArrowDown"), false, false), null);
  equal(keyAction(key("0", { ctrlKey: true }), false, false), null);
});

test("a question mark helps unless it is being written", () => {
  deepEqual(keyAction(key("?", { shiftKey: true }), false, false), { kind: "help" });
  equal(keyAction(key("?", { shiftKey: true }), true, false), null);
});

test("an open dialog or menu keeps every key, Escape included", () => {
  for (const name of ["Escape", "?", "k"]) {
    equal(keyAction(key(name, { ctrlKey: name === "k" }), false, true), null);
  }
  deepEqual(keyAction(key("Escape"), false, false), { kind: "out" });
});
