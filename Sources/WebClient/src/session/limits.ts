// Every limit and interval of the client core, in milliseconds unless the name says otherwise. The
// Swift client core has the same numbers, because both pass the same vectors.

export const gapWait = 300;
export const connectTimeout = 10_000;
export const pongTimeout = 10_000;
/** Longer than a node waits for a quorum; after it the message is sent again, and the line is doubted. */
export const ackTimeout = 12_000;
export const retryPause = 1_000;
export const heartbeatDefault = 25_000;
export const backoffBase = 500;
export const backoffMax = 30_000;
/** Chats that one `hello` may follow; more follow by `open` once live. */
export const helloChatsMax = 512;
/** Pushes that wait behind a gap, per log; what is beyond comes with the difference. */
export const earlyEntriesMax = 256;
/** A random draw is a whole number from 0 to one less than this. */
export const randomScale = 1_000_000;
