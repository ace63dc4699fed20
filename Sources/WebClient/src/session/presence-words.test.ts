import { equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { later } from "../text/en-later";
import { addWords } from "../text/text";
import { presenceWords } from "./presence-words";

addWords(later);

const noon = new Date(2026, 4, 20, 12, 0).getTime();
const hour = 3_600_000;
const seen = (ago: number) => presenceWords({ is: "offline", lastSeen: noon - ago }, noon);

test("when somebody was there is said the less exactly the longer it is ago", () => {
  equal(presenceWords({ is: "online" }, noon), "online");
  equal(seen(30_000), "last seen just now");
  equal(seen(60_000), "last seen 1 minute ago");
  equal(seen(59 * 60_000), "last seen 59 minutes ago");
  ok(/^last seen at 10:00/.test(seen(2 * hour)));
  ok(/^last seen yesterday at 16:00/.test(seen(20 * hour)));
  ok(/^last seen May 18, 2026$/.test(seen(60 * hour)));
});

test("a clock that is behind makes it just now", () => {
  equal(seen(-90_000), "last seen just now");
});

test("who hides it is told of in four words, and who was never there in the last", () => {
  equal(presenceWords({ is: "recently" }, noon), "last seen recently");
  equal(presenceWords({ is: "week" }, noon), "last seen within a week");
  equal(presenceWords({ is: "month" }, noon), "last seen within a month");
  equal(presenceWords({ is: "long" }, noon), "last seen a long time ago");
  equal(presenceWords({ is: "offline", lastSeen: 0 }, noon), "last seen a long time ago");
});
