// Reads fields out of JSON that nobody vouches for. A field of the wrong shape throws `DecodeError`,
// which the codec turns into "malformed"; nothing else leaves this folder unchecked.

import { isAccountId, isChatId, isLogId, isMessageId, isSessionId } from "./ids";
import type { AccountId, ChatId, LogId, MessageId, SessionId } from "./ids";

export class DecodeError extends Error {}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export class Fields {
  constructor(readonly object: JsonObject) {}

  static of(value: unknown): Fields {
    if (!isObject(value)) throw new DecodeError("an object is missing");
    return new Fields(value);
  }

  has(name: string): boolean {
    return this.object[name] !== undefined && this.object[name] !== null;
  }

  string(name: string): string {
    const value = this.object[name];
    if (typeof value !== "string") throw new DecodeError(`${name} is no string`);
    return value;
  }

  nullableString(name: string): string | null {
    return this.has(name) ? this.string(name) : null;
  }

  boolean(name: string): boolean {
    const value = this.object[name];
    if (typeof value !== "boolean") throw new DecodeError(`${name} is no boolean`);
    return value;
  }

  /** A whole number from 0 to 2^53 − 1. */
  integer(name: string): number {
    const value = this.object[name];
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
      throw new DecodeError(`${name} is no whole number`);
    }
    return value;
  }

  /** The number of an entry: a whole one from 1 on. */
  seq(name: string): number {
    const value = this.integer(name);
    if (value === 0) throw new DecodeError(`${name} is no entry`);
    return value;
  }

  child(name: string): Fields {
    return Fields.of(this.object[name]);
  }

  list<T>(name: string, read: (value: unknown) => T): readonly T[] {
    const value = this.object[name];
    if (!Array.isArray(value)) throw new DecodeError(`${name} is no list`);
    return value.map((item: unknown) => read(item));
  }

  /** A list of whole numbers. */
  integers(name: string): readonly number[] {
    return this.list(name, (value) => new Fields({ value }).integer("value"));
  }

  /** The members whose values are whole numbers; the others are left out. */
  numbers(name: string): Readonly<Record<string, number>> {
    const value = this.object[name];
    const numbers: Record<string, number> = {};
    if (!isObject(value)) return numbers;
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === "number" && Number.isSafeInteger(item)) numbers[key] = item;
    }
    return numbers;
  }

  account(name: string): AccountId {
    const value = this.string(name);
    if (!isAccountId(value)) throw new DecodeError(`${name} is no account`);
    return value;
  }

  nullableAccount(name: string): AccountId | null {
    return this.has(name) ? this.account(name) : null;
  }

  chat(name: string): ChatId {
    const value = this.string(name);
    if (!isChatId(value)) throw new DecodeError(`${name} is no chat`);
    return value;
  }

  session(name: string): SessionId {
    const value = this.string(name);
    if (!isSessionId(value)) throw new DecodeError(`${name} is no session`);
    return value;
  }

  message(name: string): MessageId {
    const value = this.string(name);
    if (!isMessageId(value)) throw new DecodeError(`${name} is no message`);
    return value;
  }

  log(name: string): LogId {
    const value = this.string(name);
    if (!isLogId(value)) throw new DecodeError(`${name} is no log`);
    return value;
  }
}

export function readString(value: unknown): string {
  if (typeof value !== "string") throw new DecodeError("a string is missing");
  return value;
}
