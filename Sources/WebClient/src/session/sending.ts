// The outbox at work: one message of a chat at a time, the same id at every try, in the order in which
// they were written.

import { chatsWithQueued, isMessage, nextItem, written } from "../model/outbox";
import type { OutboxItem, Written } from "../model/outbox";
import type { Ack, ClientFrame, Entry, ErrorFrame } from "../protocol/frames";
import type { ChatId, LogId, MessageId } from "../protocol/ids";
import { heartbeatDue } from "./connection";
import { ackTimeout, retryPause } from "./limits";
import type { Step } from "./step";

export function enqueue(step: Step, message: Written): void {
  if (step.state.outbox.some((item) => item.cmid === message.cmid)) return;
  const item = written(message);
  step.set({ outbox: [...step.state.outbox, { ...item, state: "queued" }] });
  step.emit({ kind: "keep", item });
  pump(step, item.chat);
}

/** Sends the next item of a chat if it is its turn. */
export function pump(step: Step, chat: ChatId): void {
  const { phase, paused, held, outbox } = step.state;
  if (phase !== "live" || paused || held.includes(chat)) return;
  const item = nextItem(outbox, chat);
  if (item === undefined || item.state !== "queued") return;
  replace(step, { ...written(item), state: "sending" });
  step.emit({
    kind: "sendFrame",
    frame: frameOf(item),
  });
  step.emit({ kind: "setTimer", timer: `ack:${chat}`, after: ackTimeout });
}

function frameOf({ cmid, chat, text, replyTo, edits, deletes, forwards, reacts }: Written): ClientFrame {
  if (reacts !== undefined) return { kind: "react", cmid, chat, ...reacts };
  if (deletes !== undefined) return { kind: "deleteMessage", cmid, chat, target: deletes };
  if (edits !== undefined) return { kind: "edit", cmid, chat, target: edits, text };
  if (forwards !== undefined) return { kind: "send", cmid, chat, forward: forwards };
  return { kind: "send", cmid, chat, text, ...(replyTo === undefined ? {} : { replyTo }) };
}

export function pumpAll(step: Step): void {
  for (const chat of chatsWithQueued(step.state.outbox)) pump(step, chat);
}

/** Answers the entry's number when it has not arrived yet, else 0. */
export function receiveAck(step: Step, ack: Ack): number {
  const item = find(step, ack.cmid);
  if (item === undefined || item.state === "sent") return 0;
  const { cmid, chat, seq, n, ts } = ack;
  if (item.state === "sending") step.emit({ kind: "cancelTimer", timer: `ack:${chat}` });
  step.emit({ kind: "forget", cmid });
  step.emit({ kind: "acked", cmid, chat, seq, n, ts });
  const log = step.log(chat);
  const isMissing = log !== undefined && log.seq < seq;
  forgetArrived(step, cmid);
  step.set({ struggling: false });
  if (isMissing) replace(step, { ...written(item), state: "sent", seq, n, ts });
  else remove(step, cmid);
  pump(step, chat);
  return isMissing ? seq : 0;
}

/** Answers whether the error was about a message: also one that was given up, of whose chat it says nothing. */
export function receiveSendError(step: Step, frame: ErrorFrame): boolean {
  if (frame.cmid === undefined) return false;
  const item = find(step, frame.cmid);
  if (item === undefined || item.state !== "sending") return true;
  const { chat } = item;
  step.emit({ kind: "cancelTimer", timer: `ack:${chat}` });
  if (frame.retryable) {
    replace(step, { ...written(item), state: "queued" });
    step.set({ held: [...step.state.held, chat], struggling: true });
    step.emit({ kind: "setTimer", timer: `retry:${chat}`, after: frame.retryAfter ?? retryPause });
  } else {
    const { code, message } = frame;
    replace(step, { ...written(item), state: "failed", code, message });
    step.set({ struggling: false });
    forgetArrived(step, item.cmid);
    pump(step, chat);
  }
  return true;
}

/** No answer came: ask again with the same id, which the cluster counts once, and whether the socket lives. */
export function ackTimerFired(step: Step, chat: ChatId): void {
  const item = nextItem(step.state.outbox, chat);
  if (item === undefined || item.state !== "sending") return;
  replace(step, { ...written(item), state: "queued" });
  step.set({ struggling: true });
  pump(step, chat);
  heartbeatDue(step);
}

export function retryTimerFired(step: Step, chat: ChatId): void {
  step.set({ held: step.state.held.filter((other) => other !== chat) });
  pump(step, chat);
}

/** A person asks for another try of what failed. */
export function retry(step: Step, cmid: MessageId): void {
  const item = find(step, cmid);
  if (item === undefined || item.state !== "failed") return;
  replace(step, { ...written(item), state: "queued" });
  pump(step, item.chat);
}

/** A person gives up what failed. */
export function discard(step: Step, cmid: MessageId): void {
  if (find(step, cmid)?.state !== "failed") return;
  remove(step, cmid);
  step.emit({ kind: "forget", cmid });
}

/** Acknowledged items go as soon as their entry is in the thread. */
export function settleSent(step: Step, log: LogId): void {
  const seq = step.log(log)?.seq ?? 0;
  const outbox = step.state.outbox.filter(
    (item) => !(item.state === "sent" && item.chat === log && item.seq <= seq),
  );
  if (outbox.length < step.state.outbox.length) step.set({ outbox });
}

/**
 * Entries of a thread, before they are settled: one of them may be the message whose acknowledgement is
 * still on its way. Then it is not shown a second time as one that waits.
 */
export function noteArrived(step: Step, log: LogId, entries: readonly Entry[]): void {
  if (log === "inbox") return;
  const { account, arrived, outbox } = step.state;
  const item = nextItem(outbox, log);
  if (item === undefined || arrived.includes(item.cmid)) return;
  const isOther = (seq: number) =>
    outbox.some((sent) => sent.state === "sent" && sent.chat === log && sent.seq === seq);
  const hasArrived = entries.some(
    (entry) => entry.from === account && isOf(entry, item) && !isOther(entry.seq),
  );
  if (hasArrived) step.set({ arrived: [...arrived, item.cmid] });
}

/** Whether an entry says what an item of the outbox asks for. */
function isOf(entry: Entry, item: Written): boolean {
  if (entry.kind === "edited") return entry.target === item.edits && entry.text === item.text;
  if (entry.kind === "messageDeleted") return entry.target === item.deletes;
  if (entry.kind === "reacted") return entry.target === item.reacts?.target && entry.emoji === item.reacts.emoji;
  return (
    entry.kind === "text" && isMessage(item) && entry.text === item.text && entry.replyTo === item.replyTo &&
    (entry.origin === undefined) === (item.forwards === undefined)
  );
}

/** Acknowledged items whose entry will never arrive, because their log is followed no longer. */
export function dropSent(step: Step, log: LogId): void {
  const outbox = step.state.outbox.filter((item) => !(item.state === "sent" && item.chat === log));
  step.set({ outbox });
}

/** The socket is gone: what was on its way has an unknown outcome and is sent again once live. */
export function requeueAll(step: Step): void {
  const outbox = step.state.outbox.map(
    (item): OutboxItem =>
      item.state === "sending" ? { ...written(item), state: "queued" } : item,
  );
  step.set({ outbox, held: [], paused: false, struggling: false });
}

export function slowDown(step: Step, retryAfter: number): void {
  step.set({ paused: true });
  step.emit({ kind: "setTimer", timer: "outbox", after: retryAfter });
}

export function outboxTimerFired(step: Step): void {
  step.set({ paused: false });
  pumpAll(step);
}

function find(step: Step, cmid: MessageId): OutboxItem | undefined {
  return step.state.outbox.find((item) => item.cmid === cmid);
}

function replace(step: Step, item: OutboxItem): void {
  step.set({
    outbox: step.state.outbox.map((other) => (other.cmid === item.cmid ? item : other)),
  });
}

function remove(step: Step, cmid: MessageId): void {
  step.set({ outbox: step.state.outbox.filter((item) => item.cmid !== cmid) });
}

function forgetArrived(step: Step, cmid: MessageId): void {
  const { arrived } = step.state;
  if (arrived.includes(cmid)) step.set({ arrived: arrived.filter((other) => other !== cmid) });
}
