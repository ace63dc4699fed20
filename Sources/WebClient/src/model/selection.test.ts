import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../protocol/frames";
import { chatId, edited, me, text, you } from "../testing/sample";
import { areDeletable, chosenOf, extended, selectedMax, toggled, transcript } from "./selection";
import type { Selection } from "./selection";
import { fullTime } from "./time";

const chat = chatId("a");
const service: Entry = { kind: "memberAdded", seq: 4, n: 3, ts: 1, from: you, account: me };
/** Messages 1, 2, 3, 6 and 7; 4 is none, and 5 is no line of the thread. */
const entries: readonly Entry[] = [text(1, 1), text(2, 2), text(3, 3), service, text(6, 4), text(7, 5)];

function selection(seqs: readonly number[], anchor: number): Selection {
  return { chat, seqs, anchor };
}

test("a press chooses a message, another lets go of it, and the last one ends the selection", () => {
  const two = toggled(selection([3], 3), 1);
  deepEqual(two, { selection: selection([1, 3], 1), isFull: false });
  deepEqual(toggled(selection([1, 3], 1), 3), { selection: selection([1], 3), isFull: false });
  deepEqual(toggled(selection([1], 1), 1), { selection: null, isFull: false });
});

test("a range goes from the message that was pressed last, both ways, over what is no message", () => {
  deepEqual(extended(selection([2], 2), entries, 7), { selection: selection([2, 3, 6, 7], 7), isFull: false });
  deepEqual(extended(selection([6], 6), entries, 1), { selection: selection([1, 2, 3, 6], 1), isFull: false });
  // What was chosen elsewhere stays, also when the one pressed last was let go.
  deepEqual(extended(selection([1], 6), entries, 7), { selection: selection([1, 6, 7], 7), isFull: false });
});

test("no more than a hundred are chosen, and of a longer range those next to where it began", () => {
  const many = Array.from({ length: selectedMax + 50 }, (_, index) => text(index + 1, index + 1));
  const down = extended(selection([1], 1), many, many.length);
  equal(down.isFull, true);
  deepEqual(down.selection?.seqs, many.slice(0, selectedMax).map(({ seq }) => seq));
  const up = extended(selection([many.length], many.length), many, 1);
  deepEqual(up.selection?.seqs, many.slice(-selectedMax).map(({ seq }) => seq));
  const full = selection(many.slice(0, selectedMax).map(({ seq }) => seq), 1);
  deepEqual(toggled(full, selectedMax + 1), { selection: full, isFull: true });
  equal(toggled(full, 5).selection?.seqs.length, selectedMax - 1);
  // A range of exactly as many as there may be is taken whole.
  equal(extended(selection([1], 1), many, selectedMax).isFull, false);
});

test("what was deleted, or is no message, is not chosen any more", () => {
  deepEqual(chosenOf(selection([1, 4, 5, 7, 9], 1), entries).map(({ seq }) => seq), [1, 7]);
  deepEqual(chosenOf(selection([1], 1), [edited(1, 9)]), []);
});

test("messages of others are deleted by who made the chat alone", () => {
  const own = [text(1, 1, me), text(2, 2, me)];
  equal(areDeletable(own, me, false), true);
  equal(areDeletable([...own, text(3, 3, you)], me, false), false);
  equal(areDeletable([...own, text(3, 3, you)], me, true), true);
  equal(areDeletable([text(1, 1, me)], null, false), false);
});

test("a transcript has every message below who wrote it and when, marks and lines as they were written", () => {
  const first = { ...text(1, 1, me), text: "**one**\ntwo" };
  const second = text(2, 2, you);
  const people = { [me]: { id: me, name: "Mary", username: "mary" }, [you]: { id: you, name: "Niels", username: "niels" } };
  equal(
    transcript([first, second], people),
    `Mary, [${fullTime(first.ts)}]\n**one**\ntwo\n\nNiels, [${fullTime(second.ts)}]\ntext 2`,
  );
});
