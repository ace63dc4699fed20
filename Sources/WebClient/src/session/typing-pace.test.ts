import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { chatId } from "../testing/sample";
import { TypingPace } from "./typing-pace";

const [here, there] = [chatId("a"), chatId("b")];

/** When it is said, of keys pressed at these times in these chats; "sent" is a message that goes. */
function said(events: readonly (readonly [number, string])[]): readonly number[] {
  const pace = new TypingPace();
  return events.flatMap(([at, what]) => {
    if (what === "sent") pace.stop();
    const chat = [here, there].find((one) => one === what);
    return chat !== undefined && pace.says(chat, at) ? [at] : [];
  });
}

test("that somebody types is said at most every three seconds", () => {
  deepEqual(said([[10_000, here], [10_100, here], [12_999, here], [13_000, here], [13_001, here]]), [10_000, 13_000]);
});

test("in another chat, or after a message, it is said anew, but never twice in a second", () => {
  deepEqual(said([[10_000, here], [11_000, there], [11_500, here], [12_000, here]]), [10_000, 11_000, 12_000]);
  deepEqual(said([[10_000, here], [10_500, "sent"], [10_900, here], [11_000, here]]), [10_000, 11_000]);
});
