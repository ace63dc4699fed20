import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { dashed, idClockStart, makeMessageId, timeOf } from "./uuid";

const zeros = new Uint8Array(8);

test("a message id is a UUIDv7 that tells its time", () => {
  const { id } = makeMessageId(idClockStart, 1_700_000_000_000, zeros);
  equal(id[12], "7");
  ok(["8", "9", "a", "b"].includes(id[16] ?? ""));
  equal(timeOf(id), 1_700_000_000_000);
  equal(dashed(id), "018bcfe5-6800-7000-8000-000000000000");
});

test("ids sort in the order in which they were made, also within a millisecond and when the clock goes back", () => {
  let clock = idClockStart;
  const made: string[] = [];
  for (let index = 0; index < 10_000; index += 1) {
    const now = index === 5000 ? 900 : 1000;
    const next = makeMessageId(clock, now, zeros);
    clock = next.clock;
    made.push(next.id);
  }
  deepEqual([...made].sort(), made);
  equal(new Set(made).size, made.length);
});
