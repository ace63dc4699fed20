import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { frameVectors, isClientFrame } from "../testing/vectors";
import { decodeServerFrame, encodeClientFrame } from "./codec";

for (const vector of frameVectors()) {
  test(`${vector.direction} frame: ${vector.name}`, () => {
    if (vector.direction === "server") {
      const decoded: unknown = decodeServerFrame(JSON.stringify(vector.json));
      deepEqual(decoded, vector.decoded);
    } else if (isClientFrame(vector.json)) {
      deepEqual(JSON.parse(encodeClientFrame(vector.json)), vector.json);
    }
  });
}

test("text that is no JSON is refused, not thrown", () => {
  for (const text of ["", "{", "null", "\u0000", '"live"', "[]", "1"]) {
    equal(decodeServerFrame(text), null);
  }
});
