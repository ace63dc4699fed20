// The client core: a pure function. The socket, the clock, storage and randomness are shells around
// it; whatever it wants done it answers as effects, in order.

import { assertNever } from "../model/assert-never";
import { written } from "../model/outbox";
import type { ServerFrame } from "../protocol/frames";
import { isChatId, isLogId } from "../protocol/ids";
import type { ChatId } from "../protocol/ids";
import {
  closed,
  connect,
  goAway,
  goOffline,
  heartbeatDue,
  hurry,
  opened,
  ponged,
  signOut,
  silent,
  welcomed,
  wentLive,
} from "./connection";
import {
  expect,
  follow,
  gapTimerFired,
  logRefused,
  receiveAdvanced,
  receiveDifference,
  receiveInboxHead,
  receivePush,
  receiveTooLong,
  resync,
  unfollow,
} from "./logs";
import {
  ackTimerFired,
  discard,
  enqueue,
  outboxTimerFired,
  receiveAck,
  receiveSendError,
  retry,
  retryTimerFired,
  slowDown,
} from "./sending";
import { initialSession } from "./state";
import type { Reduction, SessionEvent, SessionState } from "./state";
import { Step, freshLog } from "./step";

/** The next state and what to do, for one event. `random` is a whole number from 0 to 999,999. */
export function reduce(state: SessionState, event: SessionEvent, random: number): Reduction {
  const step = new Step(state, random);
  handle(step, event);
  return { state: step.state, effects: step.effects };
}

function handle(step: Step, event: SessionEvent): void {
  switch (event.kind) {
    case "start":
      return start(step, event);
    case "opened":
      return opened(step);
    case "closed":
      return closed(step, event.code);
    case "frame":
      return receive(step, event.frame);
    case "timer":
      return timerFired(step, event.timer);
    case "follow":
      return follow(step, event.chat, event.epoch, event.seq);
    case "unfollow":
      return unfollow(step, event.chat);
    case "send":
      return enqueue(step, event);
    case "retry":
      return retry(step, event.cmid);
    case "discard":
      return discard(step, event.cmid);
    case "read":
      return read(step, event.chat, event.n);
    case "offline":
      return goOffline(step);
    case "online":
    case "wake":
      return hurry(step);
    case "stop":
      return signOut(step);
    default:
      return assertNever(event);
  }
}

function start(step: Step, event: SessionEvent & { readonly kind: "start" }): void {
  const { home, nodes, cookies, bearer, inbox } = event;
  step.set({ ...initialSession, home, nodes, node: home, cookies, bearer });
  step.setLog("inbox", freshLog(inbox.epoch, inbox.seq));
  for (const { chat, epoch, seq } of event.logs) step.setLog(chat, freshLog(epoch, seq));
  step.set({
    outbox: event.outbox.map((item) => ({ ...written(item), state: "queued" })),
  });
  connect(step);
}

function receive(step: Step, frame: ServerFrame): void {
  if (!step.welcome && step.state.phase !== "greeting") return;
  switch (frame.kind) {
    case "welcome":
      return welcomed(step, frame);
    case "difference":
      return receiveDifference(step, frame);
    case "tooLong":
      return receiveTooLong(step, frame);
    case "live":
      return wentLive(step);
    case "push":
      return receivePush(step, frame);
    case "marks": {
      const { chat, marksVersion, marks } = frame;
      step.emit({ kind: "marks", chat, marksVersion, marks });
      const mine = marks.find((mark) => mark.account === step.state.account);
      if (mine !== undefined) confirmMark(step, chat, mine.n);
      return;
    }
    case "advanced":
      return receiveAdvanced(step, frame.log, frame.head);
    case "ack": {
      const missing = receiveAck(step, frame);
      if (missing > 0) expect(step, frame.chat, missing);
      return;
    }
    case "error": {
      const { log, code, message, retryable, retryAfter } = frame;
      if (receiveSendError(step, frame)) return;
      if (log !== undefined) return logRefused(step, log, retryable, code, retryAfter);
      return step.emit({ kind: "problem", code, message });
    }
    case "pong":
      ponged(step, frame.ticket);
      return receiveInboxHead(step, frame.inbox.epoch, frame.inbox.seq);
    case "goaway":
      return goAway(step, frame.after, frame.spread);
    case "resync":
      return resync(step);
    case "authExpired":
      return signOut(step);
    case "slowDown":
      return slowDown(step, frame.retryAfter);
    default:
      return assertNever(frame);
  }
}

function timerFired(step: Step, timer: string): void {
  switch (timer) {
    case "reconnect":
      return step.state.phase === "waiting" ? connect(step) : undefined;
    case "connect":
    case "pong":
    case "goaway":
      return silent(step);
    case "heartbeat":
      return heartbeatDue(step);
    case "outbox":
      return outboxTimerFired(step);
  }
  const colon = timer.indexOf(":");
  const id = timer.slice(colon + 1);
  const what = timer.slice(0, colon);
  if (what === "gap" && isLogId(id)) gapTimerFired(step, id);
  if (what === "ack" && isChatId(id)) ackTimerFired(step, id);
  if (what === "retry" && isChatId(id)) retryTimerFired(step, id);
}

function read(step: Step, chat: ChatId, n: number): void {
  const { unsentMarks, phase } = step.state;
  if (n <= (unsentMarks[chat] ?? 0)) return;
  step.set({ unsentMarks: { ...unsentMarks, [chat]: n } });
  if (phase === "live") step.emit({ kind: "sendFrame", frame: { kind: "mark", chat, n } });
}

function confirmMark(step: Step, chat: ChatId, n: number): void {
  const { [chat]: unsent, ...rest } = step.state.unsentMarks;
  if (unsent !== undefined && unsent <= n) step.set({ unsentMarks: rest });
}
