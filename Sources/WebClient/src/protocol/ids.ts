// Distinct string types for distinct things. A value of one of these types was checked once, where it
// came in, by the predicate of the same name.

declare const brand: unique symbol;

/** An account: 32 lowercase hexadecimal digits. */
export type AccountId = string & { readonly [brand]: "AccountId" };
/** A chat: 32 lowercase hexadecimal digits. */
export type ChatId = string & { readonly [brand]: "ChatId" };
/** A session of an account: 32 lowercase hexadecimal digits. */
export type SessionId = string & { readonly [brand]: "SessionId" };
/** A client message id: a UUIDv7 as 32 lowercase hexadecimal digits, so that text order is time order. */
export type MessageId = string & { readonly [brand]: "MessageId" };
/** A log that has a cursor: a chat's thread or the account's inbox. */
export type LogId = ChatId | "inbox";

const hex32 = /^[0-9a-f]{32}$/;

export function isAccountId(text: string): text is AccountId {
  return hex32.test(text);
}

export function isChatId(text: string): text is ChatId {
  return hex32.test(text);
}

export function isSessionId(text: string): text is SessionId {
  return hex32.test(text);
}

export function isMessageId(text: string): text is MessageId {
  return hex32.test(text);
}

export function isLogId(text: string): text is LogId {
  return text === "inbox" || hex32.test(text);
}
