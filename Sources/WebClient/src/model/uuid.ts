// Client message ids: UUIDv7, so that their text order is the order in which they were made.

import { isMessageId } from "../protocol/ids";
import type { MessageId } from "../protocol/ids";

/** What the last id was made from; ids of one millisecond count up. */
export interface IdClock {
  readonly time: number;
  readonly counter: number;
}

export const idClockStart: IdClock = { time: 0, counter: 0 };
const counterMax = 0xfff;

/** The next id and the clock after it. `random` holds at least 8 random bytes. */
export function makeMessageId(
  clock: IdClock,
  now: number,
  random: Uint8Array,
): { readonly id: MessageId; readonly clock: IdClock } {
  const next = advance(clock, now);
  const tail = Array.from(random.slice(0, 8), (byte, index) =>
    index === 0 ? (byte & 0x3f) | 0x80 : byte,
  );
  const id =
    hex(next.time, 12) + "7" + hex(next.counter, 3) + tail.map((byte) => hex(byte, 2)).join("");
  if (!isMessageId(id)) throw new Error("a made id has another shape");
  return { id, clock: next };
}

/** When an id was made, in milliseconds since 1970. */
export function timeOf(id: MessageId): number {
  return Number.parseInt(id.slice(0, 12), 16);
}

/** The dashed form, which `Idempotency-Key` carries. */
export function dashed(id: MessageId): string {
  return [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join("-");
}

function advance(clock: IdClock, now: number): IdClock {
  if (now > clock.time) return { time: now, counter: 0 };
  if (clock.counter < counterMax) return { time: clock.time, counter: clock.counter + 1 };
  return { time: clock.time + 1, counter: 0 };
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
