import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { placeBeside } from "./place";

const page = { width: 1000, height: 800 };
const size = { width: 200, height: 160 };

test("a menu opens at the pointer, downwards and along the line", () => {
  deepEqual(placeBeside({ x: 100, y: 100 }, size, page, false), { x: 100, y: 100, origin: "top left" });
});

test("at the edges it flips to the other side", () => {
  deepEqual(placeBeside({ x: 950, y: 780 }, size, page, false), { x: 750, y: 620, origin: "bottom right" });
});

test("under a button at the end of a bar the far edges line up", () => {
  const button = { x: 940, y: 8, width: 40, height: 40, side: "end" } as const;
  deepEqual(placeBeside(button, size, page, false), { x: 780, y: 52, origin: "top right" });
});

test("where one reads from right to left it is the other way round", () => {
  deepEqual(placeBeside({ x: 500, y: 100 }, size, page, true), { x: 300, y: 100, origin: "top right" });
  const button = { x: 20, y: 8, width: 40, height: 40, side: "end" } as const;
  deepEqual(placeBeside(button, size, page, true), { x: 20, y: 52, origin: "top left" });
});

test("what is too large for the page stays at its edge", () => {
  const large = { width: 2000, height: 2000 };
  deepEqual(placeBeside({ x: 500, y: 400 }, large, page, false), { x: 8, y: 8, origin: "top left" });
});
