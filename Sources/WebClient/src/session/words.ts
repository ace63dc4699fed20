// What went wrong, in words for people. The server's sentence is used where we have none of our own.

import { ApiError } from "../protocol/http-types";

const words: Readonly<Record<string, string>> = {
  network: "The network is not reachable. Check the connection and try again.",
  badPhone: "This is no phone number that can receive a code.",
  badName: "This name is empty or too long.",
  badUsername: "A username has 5 to 32 letters a–z, digits or underscores and begins with a letter.",
  badText: "This message is empty or too long.",
  nameTaken: "This name is taken already. Choose another.",
  codeWrong: "This code is wrong. Look at the message again.",
  codeExpired: "This code has expired. Ask for a new one.",
  codeUsed: "This code was used already. Ask for a new one.",
  codeTooManyTries: "There were too many wrong codes. Ask for a new one.",
  notCreator: "Only the person who created this chat may do that.",
  notMember: "You are not a member of this chat.",
  notFound: "Nobody and nothing was found under this name.",
  tooMany: "That was too often. Wait a little and try again.",
  unknown: "The cluster did not answer in time. Try again.",
  unavailable: "Too few nodes of the cluster are reachable right now. Try again in a moment.",
  overloaded: "The cluster has too much to do right now. Try again in a moment.",
};

export function wordsFor(error: unknown): string {
  if (error instanceof ApiError) return words[error.code] ?? error.message;
  return "Something went wrong. Try again.";
}

/** Words for the code of a message that was refused. */
export function wordsForCode(code: string, message: string): string {
  return words[code] ?? message;
}
