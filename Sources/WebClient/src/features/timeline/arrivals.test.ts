import { equal } from "node:assert/strict";
import { test } from "node:test";
import type { MessageRow } from "../../model/rows";
import { text } from "../../testing/sample";
import { Arrivals } from "./arrivals";

function row(seq: number, isOut = false): MessageRow {
  const entry = text(seq, seq);
  return { kind: "message", key: `e${seq}`, entry, isOut, isFirst: true, isLast: true, delivery: null, day: "", ts: 0 };
}

test("a message moves in once, what was there before does not, nor my own", () => {
  const arrivals = new Arrivals(5, []);
  equal(arrivals.take(row(5)), false);
  equal(arrivals.take(row(6)), true);
  equal(arrivals.take(row(6)), false);
  equal(arrivals.take(row(7, true)), false);
  equal(arrivals.take(row(8)), true);
});

test("what came while one looked elsewhere does not move in when one comes there", () => {
  const arrivals = new Arrivals(5, []);
  arrivals.skip(9);
  equal(arrivals.take(row(9)), false);
  equal(arrivals.take(row(10)), true);
  arrivals.skip(3);
  equal(arrivals.take(row(11)), true);
});
