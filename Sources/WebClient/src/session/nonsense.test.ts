// Whatever a server sends, in whatever order: nothing throws, and what reaches the thread is in order.

import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { decodeServerFrame, isOfCompany } from "../protocol/codec";
import type { ServerFrame } from "../protocol/frames";
import { chatId } from "../testing/sample";
import { frameVectors } from "../testing/vectors";
import { reduce } from "./reducer";
import { initialSession } from "./state";
import type { SessionEvent, SessionState } from "./state";

const rounds = 300;
const steps = 120;

/** Whole numbers that only the seed decides (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const samples = frameVectors()
  .filter(({ direction }) => direction === "server")
  .map(({ json }) => (typeof json === "string" ? json : JSON.stringify(json)));

/** One of the vectors with some of its characters changed, gone, or there twice. */
function spoilt(pick: (below: number) => number): string {
  let text = samples[pick(samples.length)] ?? "";
  for (let count = pick(4); count > 0; count -= 1) {
    const at = pick(text.length + 1);
    const piece = ['"', "{", "}", "[", "null", "-1", "1e400", ",", "\\ud800", "\u0000", "9007199254740993"][pick(11)] ?? "";
    text = text.slice(0, at) + piece + text.slice(at + pick(3));
  }
  return text;
}

test("a frame that was spoilt is understood or refused, never thrown", () => {
  const pick = chance(1);
  let refused = 0;
  for (let count = 0; count < 20_000; count += 1) {
    if (decodeServerFrame(spoilt(pick)) === null) refused += 1;
  }
  ok(refused > 1_000 && refused < 20_000, `${refused} of 20000 were refused`);
});

function pushOf(pick: (below: number) => number): ServerFrame | null {
  const seq = 1 + pick(30);
  const entry = { kind: "text", seq, n: seq, ts: 1, from: "2".repeat(32), text: `${seq}` };
  const head = { seq: pick(40), n: 1 };
  const log = pick(8) === 0 ? "inbox" : chatId("a");
  const epoch = 1 + pick(2);
  const frames = [
    { kind: "push", log, epoch, seq, entry },
    { kind: "difference", log, epoch, entries: [entry, { ...entry, seq: seq + 1 }], head, more: pick(3) === 0 },
    { kind: "tooLong", log, epoch, head, tail: { seq: 0, n: 0 } },
    { kind: "advanced", log, head },
    { kind: "error", log, code: "unavailable", message: "", retryable: true },
    { kind: "ack", cmid: "0".repeat(32), chat: chatId("a"), seq, n: seq, ts: 1 },
    { kind: "live" },
    { kind: "resync" },
    { kind: "slowDown", retryAfter: pick(100) },
  ];
  return forCore(JSON.stringify(frames[pick(frames.length)]));
}

/** A frame that the core is told of. */
function forCore(text: string): ServerFrame | null {
  const frame = decodeServerFrame(text);
  return frame === null || isOfCompany(frame) ? null : frame;
}

test("frames in any order apply each entry once and in order", () => {
  for (let seed = 0; seed < rounds; seed += 1) {
    const pick = chance(seed);
    let state: SessionState = initialSession;
    let applied: number[] = [];
    const hear = (event: SessionEvent) => {
      const { state: next, effects } = reduce(state, event, pick(1_000_000));
      state = next;
      for (const effect of effects) {
        if (effect.kind === "reset" && effect.log !== "inbox") applied = [];
        if (effect.kind === "hole" && effect.log !== "inbox") applied = [effect.head.seq];
        if (effect.kind !== "entries" || effect.log === "inbox") continue;
        for (const entry of effect.entries) {
          const last = applied[applied.length - 1];
          if (last !== undefined) equal(entry.seq, last + 1, `seed ${seed}: ${applied.join()}`);
          applied.push(entry.seq);
        }
      }
    };
    const inbox = { epoch: 1, seq: 0 };
    hear({
      kind: "start", home: "http://a", nodes: ["http://a"], cookies: true, bearer: null, inbox,
      logs: [{ chat: chatId("a"), epoch: 1, seq: 0 }], outbox: [],
    });
    hear({ kind: "opened" });
    const welcome = samples.map(forCore).find((frame) => frame?.kind === "welcome");
    if (welcome !== null && welcome !== undefined) hear({ kind: "frame", frame: welcome });
    equal(state.phase, "catchingUp");
    for (let count = 0; count < steps; count += 1) {
      const frame = pick(10) === 0 ? forCore(spoilt(pick)) : pushOf(pick);
      if (frame !== null && frame.kind !== "authExpired") hear({ kind: "frame", frame });
    }
    deepEqual([...new Set(applied)].length, applied.length, `seed ${seed}`);
  }
});
