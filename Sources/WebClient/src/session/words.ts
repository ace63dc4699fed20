// What went wrong, in words for people. The server's sentence is used where we have none of our own.

import { ApiError } from "../protocol/http-types";
import { isPlainKey, text } from "../text/text";

export function wordsFor(error: unknown): string {
  return error instanceof ApiError ? wordsForCode(error.code, error.message) : text("error.other");
}

/** Words for the code of a message that was refused. */
export function wordsForCode(code: string, message: string): string {
  const key = `error.${code}`;
  return isPlainKey(key) ? text(key) : message;
}
