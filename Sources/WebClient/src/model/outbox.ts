// Messages that a person wrote and the cluster has not put into their thread yet. First in, first out
// per chat: of each chat at most one item is on its way, so order survives every retry.

import type { MessagePlace } from "../protocol/frames";
import type { ChatId, MessageId } from "../protocol/ids";

/** What survives a reload. */
export interface Written {
  readonly cmid: MessageId;
  readonly chat: ChatId;
  readonly text: string;
  /** The number of the message that it answers. */
  readonly replyTo?: number;
  /** The number of my message that gets this text; without it, it is a message of its own. */
  readonly edits?: number;
  /** The number of the message that is to be deleted; then there is no text. */
  readonly deletes?: number;
  /** The message whose words this one has; the node reads them, `text` is what is shown until then. */
  readonly forwards?: MessagePlace;
  /** What I say of the message `target`, or take back; then there is no text. */
  readonly reacts?: { readonly target: number; readonly emoji?: string };
}

/** `item` without what has become of it. */
export function written({ cmid, chat, text, replyTo, edits, deletes, forwards, reacts }: Written): Written {
  return {
    cmid, chat, text, ...(replyTo === undefined ? {} : { replyTo }), ...(edits === undefined ? {} : { edits }),
    ...(deletes === undefined ? {} : { deletes }), ...(forwards === undefined ? {} : { forwards }),
    ...(reacts === undefined ? {} : { reacts }),
  };
}

/**
 * queued: waits for its turn or for the socket. sending: on its way, or its outcome is not known.
 * sent: acknowledged as entry `seq`, which has not arrived yet. failed: refused for `code`.
 */
export type OutboxItem = Written &
  (
    | { readonly state: "queued" }
    | { readonly state: "sending" }
    | { readonly state: "sent"; readonly seq: number; readonly n: number; readonly ts: number }
    | { readonly state: "failed"; readonly code: string; readonly message: string }
  );

/** Whether an item is a message of its own, and not a change of an earlier one. */
export function isMessage({ edits, deletes, reacts }: Written): boolean {
  return edits === undefined && deletes === undefined && reacts === undefined;
}

/** The item whose turn it is in a chat: the oldest that is neither acknowledged nor refused. */
export function nextItem(outbox: readonly OutboxItem[], chat: ChatId): OutboxItem | undefined {
  return outbox.find(
    (item) => item.chat === chat && (item.state === "queued" || item.state === "sending"),
  );
}

/** The chats that have something queued, each once, in the order of their oldest item. */
export function chatsWithQueued(outbox: readonly OutboxItem[]): readonly ChatId[] {
  const chats: ChatId[] = [];
  for (const item of outbox) {
    if (item.state === "queued" && !chats.includes(item.chat)) chats.push(item.chat);
  }
  return chats;
}
