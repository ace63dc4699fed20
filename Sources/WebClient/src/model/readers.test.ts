import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { readersOf } from "./readers";
import { account, me, you } from "../testing/sample";

const she = account("7");

test("a message has been read by all whose mark is at it or above, but not by who wrote it", () => {
  const marks = { [you]: 8, [me]: 9, [she]: 7 };
  deepEqual(readersOf({ marks }, 8, me), [you]);
  deepEqual(readersOf({ marks }, 9, me), []);
  deepEqual(readersOf({ marks }, 7, me), [you, she].sort());
  deepEqual(readersOf({ marks }, 7, you), [me, she].sort());
});
