// Cursors: which entries of a log were applied, which are missing, and how the missing ones come.
// Entries reach the shell densely and in order: seq, seq + 1, … of one epoch.

import type { Difference, Entry, Place, Push, TooLong } from "../protocol/frames";
import { isChatId } from "../protocol/ids";
import type { ChatId, LogId } from "../protocol/ids";
import { earlyEntriesMax, gapWait, retryPause } from "./limits";
import { dropSent, noteArrived, settleSent } from "./sending";
import { freshLog } from "./step";
import type { Step } from "./step";

export function receivePush(step: Step, push: Push): void {
  const log = step.log(push.log);
  if (log === undefined || push.epoch < log.epoch) return;
  if (push.epoch > log.epoch) adoptEpoch(step, push.log, push.epoch);
  const { seq } = step.log(push.log) ?? log;
  if (push.seq <= seq) return;
  if (push.seq === seq + 1) {
    apply(step, push.log, [push.entry]);
  } else {
    keepEarly(step, push.log, push.entry);
    expect(step, push.log, push.seq);
  }
}

export function receiveDifference(step: Step, frame: Difference): void {
  const log = step.log(frame.log);
  if (log === undefined || frame.epoch < log.epoch) return;
  const isNewEpoch = frame.epoch > log.epoch;
  if (isNewEpoch) adoptEpoch(step, frame.log, frame.epoch);
  step.setLog(frame.log, { asking: false });
  const before = step.log(frame.log)?.seq ?? 0;
  apply(step, frame.log, frame.entries);
  passMarks(step, frame);
  const after = step.log(frame.log);
  if (after === undefined) return;
  const applied = after.seq > before;
  if (frame.more || (isNewEpoch && !applied && frame.head.seq > after.seq)) {
    step.setLog(frame.log, { want: Math.max(after.want, frame.head.seq) });
    ask(step, frame.log);
  } else if (!applied) {
    // Nothing came although something was missed: believe it until the next news, instead of asking
    // the same question for ever.
    step.setLog(frame.log, { want: after.seq, early: [] });
    stopWaiting(step, frame.log);
  } else {
    expect(step, frame.log, after.want);
  }
}

export function receiveTooLong(step: Step, frame: TooLong): void {
  const log = step.log(frame.log);
  if (log === undefined || frame.epoch < log.epoch) return;
  if (frame.epoch > log.epoch) adoptEpoch(step, frame.log, frame.epoch);
  const tail = step.log(frame.log)?.seq ?? 0;
  step.setLog(frame.log, { asking: false });
  if (frame.head.seq <= tail) return;
  stopWaiting(step, frame.log);
  const { epoch, head } = frame;
  step.emit({ kind: "hole", log: frame.log, epoch, tail, head });
  const early = (step.log(frame.log)?.early ?? []).filter((entry) => entry.seq > head.seq);
  const want = Math.max(head.seq, step.log(frame.log)?.want ?? 0);
  step.setLog(frame.log, { seq: head.seq, early, want });
  passMarks(step, frame);
  settleSent(step, frame.log);
  apply(step, frame.log, []);
  expect(step, frame.log, want);
}

/** The log reached `head` without us: ask at once. */
export function receiveAdvanced(step: Step, log: LogId, head: Place): void {
  const state = step.log(log);
  if (state === undefined || head.seq <= state.seq) return;
  step.setLog(log, { want: Math.max(state.want, head.seq) });
  stopWaiting(step, log);
  ask(step, log);
}

/** The inbox head in a pong: at most one heartbeat after it moved we hear of it. */
export function receiveInboxHead(step: Step, epoch: number, seq: number): void {
  const log = step.log("inbox");
  if (log === undefined || epoch < log.epoch) return;
  if (epoch > log.epoch) {
    adoptEpoch(step, "inbox", epoch);
    ask(step, "inbox");
  } else {
    receiveAdvanced(step, "inbox", { seq, n: 0 });
  }
}

export function gapTimerFired(step: Step, log: LogId): void {
  const state = step.log(log);
  if (state === undefined) return;
  step.setLog(log, { waiting: false });
  if (state.want > state.seq) ask(step, log);
}

/** An error about a log: what is gone or not ours is dropped, the rest is asked again. */
export function logRefused(step: Step, log: LogId, retryable: boolean, code: string, after?: number): void {
  const state = step.log(log);
  if (state === undefined) return;
  if (retryable) {
    step.setLog(log, { asking: false, waiting: true, want: Math.max(state.want, state.seq + 1) });
    step.emit({ kind: "setTimer", timer: `gap:${log}`, after: after ?? retryPause });
    return;
  }
  stopWaiting(step, log);
  if (log === "inbox") return;
  dropSent(step, log);
  step.removeLog(log);
  step.emit({ kind: "refused", log, code });
}

/** Starts to follow a chat from a cursor. */
export function follow(step: Step, chat: ChatId, epoch: number, seq: number): void {
  if (step.log(chat) !== undefined) return;
  step.setLog(chat, freshLog(epoch, seq));
  step.forgetNamed(chat);
  if (!step.welcome) return;
  step.emit({ kind: "sendFrame", frame: { kind: "open", chat, epoch, seq } });
  if (step.state.phase === "catchingUp") step.set({ named: [...step.state.named, chat] });
}

export function unfollow(step: Step, chat: ChatId): void {
  if (step.log(chat) === undefined) return;
  stopWaiting(step, chat);
  dropSent(step, chat);
  step.removeLog(chat);
  if (!step.welcome) return;
  step.emit({ kind: "sendFrame", frame: { kind: "close", chat } });
  step.forgetNamed(chat);
}

/** Asks every log for its difference: the server lost track of what it sent us. */
export function resync(step: Step): void {
  for (const log of followedLogs(step)) {
    stopWaiting(step, log);
    ask(step, log);
  }
}

/** The socket is gone; the next hello says where we stand. */
export function forgetRequests(step: Step): void {
  for (const log of followedLogs(step)) {
    const state = step.log(log);
    if (state !== undefined) step.setLog(log, freshLog(state.epoch, state.seq));
  }
}

export function followedLogs(step: Step): readonly LogId[] {
  const chats = Object.keys(step.state.logs).filter(isChatId);
  return ["inbox", ...chats];
}

/** Something up to `seq` exists: wait a moment for it, then ask. */
export function expect(step: Step, log: LogId, seq: number): void {
  const state = step.log(log);
  if (state === undefined) return;
  const want = Math.max(state.want, seq);
  step.setLog(log, { want });
  if (want <= state.seq || state.waiting || state.asking) return;
  step.setLog(log, { waiting: true });
  step.emit({ kind: "setTimer", timer: `gap:${log}`, after: gapWait });
}

function apply(step: Step, log: LogId, entries: readonly Entry[]): void {
  const state = step.log(log);
  if (state === undefined) return;
  let { seq } = state;
  const applied: Entry[] = [];
  for (const entry of [...entries, ...state.early]) {
    if (entry.seq === seq + 1) {
      applied.push(entry);
      seq = entry.seq;
    }
  }
  const early = state.early.filter((entry) => entry.seq > seq);
  step.setLog(log, { seq, early, want: Math.max(state.want, seq) });
  if (applied.length > 0) {
    step.emit({ kind: "entries", log, epoch: state.epoch, entries: applied });
    noteArrived(step, log, applied);
    settleSent(step, log);
  }
  if (Math.max(state.want, seq) === seq) stopWaiting(step, log);
}

function keepEarly(step: Step, log: LogId, entry: Entry): void {
  const early = step.log(log)?.early ?? [];
  if (early.some((other) => other.seq === entry.seq)) return;
  const sorted = [...early, entry].sort((a, b) => a.seq - b.seq);
  step.setLog(log, { early: sorted.slice(0, earlyEntriesMax) });
}

/** The log was restored or recreated: our copy is of another log. */
function adoptEpoch(step: Step, log: LogId, epoch: number): void {
  const old = step.log(log);
  stopWaiting(step, log);
  dropSent(step, log);
  step.setLog(log, freshLog(epoch, 0));
  if (old !== undefined && old.epoch > 0) step.emit({ kind: "reset", log, epoch });
}

function ask(step: Step, log: LogId): void {
  const state = step.log(log);
  if (state === undefined || state.asking || !step.welcome) return;
  step.setLog(log, { asking: true });
  const { epoch, seq } = state;
  step.emit({ kind: "sendFrame", frame: { kind: "difference", log, epoch, seq } });
}

function stopWaiting(step: Step, log: LogId): void {
  if (step.log(log)?.waiting !== true) return;
  step.setLog(log, { waiting: false });
  step.emit({ kind: "cancelTimer", timer: `gap:${log}` });
}

function passMarks(step: Step, frame: Difference | TooLong): void {
  if (frame.log === "inbox" || frame.marks === undefined || frame.marksVersion === undefined) return;
  const { marksVersion, marks } = frame;
  step.emit({ kind: "marks", chat: frame.log, marksVersion, marks });
}
