import { equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { backoff, pick } from "./backoff";

test("the first attempt is at once, later ones are random up to a cap that doubles to 30 s", () => {
  equal(backoff(0, 999_999), 0);
  equal(backoff(1, 500_000), 250);
  equal(backoff(3, 500_000), 1000);
  equal(backoff(50, 500_000), 15_000);
  ok(backoff(1_000_000, 999_999) < 30_000);
});

test("a choice is always one of the choices", () => {
  equal(pick(3, 0), 0);
  equal(pick(3, 999_999), 2);
});
