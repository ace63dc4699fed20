import { deepEqual, ok } from "node:assert/strict";
import { test } from "node:test";
import { isObject } from "../protocol/fields";
import { coreStories } from "../testing/vectors";
import { reduce } from "./reducer";
import { initialSession } from "./state";

for (const story of coreStories()) {
  test(`client core: ${story.name}`, () => {
    let state = initialSession;
    story.steps.forEach((step, index) => {
      const frozen = JSON.stringify(state);
      const reduction = reduce(state, step.event, step.random);
      deepEqual(JSON.stringify(state), frozen, `step ${index} changed the state that it was given`);
      state = reduction.state;
      if (step.effects !== undefined) {
        deepEqual(plain(reduction.effects), step.effects, `effects of step ${index}`);
      }
      if (step.state !== undefined) compare(plain(state), step.state, `state after step ${index}`);
    });
  });
}

/** Compares the members that `expected` names, inside objects too. */
function compare(actual: unknown, expected: unknown, where: string): void {
  if (!isObject(expected)) {
    deepEqual(actual, expected, where);
    return;
  }
  ok(isObject(actual), `${where} is no object`);
  if (!isObject(actual)) return;
  if (Object.keys(expected).length === 0) deepEqual(actual, {}, where);
  for (const [key, value] of Object.entries(expected)) {
    compare(actual[key], value, `${where}.${key}`);
  }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
