import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { preferencesFrom } from "./preferences";

const usual = {
  textSize: 16,
  sendKey: "enter",
  hasMotion: true,
  hourCycle: "h23",
  wallpaper: "meadow",
  hasAlerts: true,
  hasSound: true,
  hasPreview: true,
  hasAsked: false,
  listWidth: null,
};

test("what was kept is taken as it is", () => {
  const kept = {
    textSize: 20,
    sendKey: "ctrlEnter",
    hasMotion: false,
    hourCycle: "h12",
    wallpaper: "plain",
    hasAlerts: false,
    hasSound: false,
    hasPreview: false,
    hasAsked: true,
    listWidth: 300,
  };
  deepEqual(preferencesFrom(kept), kept);
});

test("what is missing, of another version or nonsense is as usual", () => {
  const nonsense = { textSize: 500, sendKey: 1, hasMotion: "no", hourCycle: "h11", wallpaper: 4, listWidth: "x" };
  for (const value of [null, 7, "x", [], {}, nonsense]) deepEqual(preferencesFrom(value), usual);
  equal(preferencesFrom({ textSize: 12 }).textSize, 12);
});

test("a width that the list cannot have becomes the nearest that it can", () => {
  equal(preferencesFrom({ listWidth: 5 }).listWidth, 288);
  equal(preferencesFrom({ listWidth: 5_000 }).listWidth, 424);
  equal(preferencesFrom({ listWidth: 301.4 }).listWidth, 301);
});
