import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import type { Entry, ServerFrame } from "../protocol/frames";
import { isMessageId } from "../protocol/ids";
import type { MessageId } from "../protocol/ids";
import { chatId, me, you } from "../testing/sample";
import { reduce } from "./reducer";
import { waitingOf } from "./snapshot";
import { initialSession } from "./state";
import type { SessionState } from "./state";

const chat = chatId("a");

function messageId(digit: string): MessageId {
  const id = `0190b4a0c0007000800000000000000${digit}`;
  if (!isMessageId(id)) throw new Error("not a message");
  return id;
}

const live: SessionState = {
  ...initialSession,
  phase: "live",
  account: me,
  logs: { [chat]: { epoch: 1, seq: 0, want: 0, waiting: false, asking: false, early: [] } },
};

function send(state: SessionState, digit: string, text: string): SessionState {
  return reduce(state, { kind: "send", cmid: messageId(digit), chat, text }, 0).state;
}

function receive(state: SessionState, frame: ServerFrame): SessionState {
  return reduce(state, { kind: "frame", frame }, 0).state;
}

function pushed(state: SessionState, seq: number, text: string): SessionState {
  const entry: Entry = { kind: "text", seq, n: seq, ts: 0, from: me, text };
  return receive(state, { kind: "push", log: chat, epoch: 1, seq, entry });
}

function acked(state: SessionState, digit: string, seq: number): SessionState {
  return receive(state, { kind: "ack", cmid: messageId(digit), chat, seq, n: seq, ts: 0 });
}

function shown(state: SessionState): readonly string[] {
  return waitingOf(state).map((item) => item.cmid.slice(-1));
}

test("a message that its thread shows before the acknowledgement is not shown twice", () => {
  let state = send(send(live, "1", "ok"), "2", "ok");
  deepEqual(shown(state), ["1", "2"]);
  state = pushed(state, 1, "ok");
  deepEqual(shown(state), ["2"]);
  state = reduce(state, { kind: "closed", code: 1006 }, 0).state;
  deepEqual(shown(state), ["2"]);
  state = acked(acked({ ...state, phase: "live" }, "1", 1), "2", 2);
  deepEqual([shown(state), state.arrived], [["2"], []]);
  state = pushed(state, 2, "ok");
  deepEqual([shown(state), state.outbox, state.arrived], [[], [], []]);
});

test("of two messages with the same text the one that answers as the entry does has arrived", () => {
  const cmid = messageId("1");
  const state = reduce(live, { kind: "send", cmid, chat, text: "ok", replyTo: 4 }, 0).state;
  deepEqual(shown(pushed(state, 1, "ok")), ["1"]);
  const entry: Entry = { kind: "text", seq: 1, n: 1, ts: 0, from: me, text: "ok", replyTo: 4 };
  deepEqual(shown(receive(state, { kind: "push", log: chat, epoch: 1, seq: 1, entry })), []);
});

test("the entry of an acknowledged message hides no later one with the same text", () => {
  const state = pushed(acked(send(send(live, "1", "ok"), "2", "ok"), "1", 1), 1, "ok");
  deepEqual(shown(state), ["2"]);
});

test("a cluster that cannot take a message now is said to struggle until it takes one", () => {
  let state = receive(send(live, "1", "ok"), {
    kind: "error",
    cmid: messageId("1"),
    code: "unavailable",
    message: "Not now.",
    retryable: true,
  });
  deepEqual([state.struggling, shown(state)], [true, ["1"]]);
  state = reduce(state, { kind: "timer", timer: `retry:${chat}` }, 0).state;
  deepEqual(state.struggling, true);
  deepEqual(acked(state, "1", 1).struggling, false);
});

test("a message is shown again when the cluster refuses what seemed to have arrived", () => {
  const state = receive(pushed(send(live, "1", "ok"), 1, "ok"), {
    kind: "error",
    cmid: messageId("1"),
    code: "notMember",
    message: "You are no member.",
    retryable: false,
  });
  deepEqual(shown(state), ["1"]);
});

test("an edit that is in its thread is not shown as one that waits, and an equal message is none", () => {
  const edit = { kind: "send", cmid: messageId("1"), chat, text: "tea", edits: 3 } as const;
  const sending = reduce(live, edit, 0).state;
  deepEqual(shown(pushed(sending, 1, "tea")), ["1"]);
  const entry: Entry = { kind: "edited", seq: 1, n: 0, ts: 0, from: me, target: 3, text: "tea" };
  const push = (change: Partial<typeof entry>) =>
    receive(sending, { kind: "push", log: chat, epoch: 1, seq: 1, entry: { ...entry, ...change } });
  deepEqual(shown(push({})), []);
  deepEqual([push({ target: 2 }), push({ text: "milk" }), push({ from: you })].map(shown), [["1"], ["1"], ["1"]]);
});

test("a deletion that is in its thread waits no longer", () => {
  const remove = { kind: "send", cmid: messageId("1"), chat, text: "", deletes: 3 } as const;
  const sending = reduce(live, remove, 0).state;
  const push = (target: number) => {
    const entry: Entry = { kind: "messageDeleted", seq: 1, n: 0, ts: 0, from: me, target, targetN: 1 };
    return shown(receive(sending, { kind: "push", log: chat, epoch: 1, seq: 1, entry }));
  };
  deepEqual([push(3), push(2)], [[], ["1"]]);
});
