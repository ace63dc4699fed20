import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { entryAt, chatFrom, withEntries, withHistory } from "./chat";
import type { Chat } from "./chat";
import type { OutboxItem } from "./outbox";
import { reactedBy, saying, waitingReactions } from "./reactions";
import { rowsOf } from "./rows";
import type { Entry, Reactions } from "../protocol/frames";
import { account, chatId, edited, me, messageDeleted, messageId, reacted, summary, tally, text, you } from "../testing/sample";

const atOpen = { mark: 8, head: 8 };

function said(chat: Chat, seq: number): Reactions | undefined {
  const entry = entryAt(chat, seq);
  return entry?.kind === "text" ? entry.reactions : undefined;
}

function waiting(emoji?: string, state: "queued" | "failed" = "queued"): OutboxItem {
  const item = {
    cmid: messageId, chat: chatId("a"), text: "", reacts: { target: 10, ...(emoji === undefined ? {} : { emoji }) },
  };
  return state === "queued" ? { ...item, state } : { ...item, state, code: "tooManyReactions", message: "" };
}

test("a reaction changes its message, is no line, and says what I said only when it is mine", () => {
  const chat = chatFrom(summary(), undefined, me);
  const one = withEntries(chat, [reacted(11, 10, "👍", [tally("👍", you)])], me);
  deepEqual(said(one, 10), { seq: 11, tallies: [tally("👍", you)] });
  equal(one.entries.length, 1);
  const two = withEntries(one, [reacted(12, 10, "👍", [tally("👍", you, me)], me)], me);
  deepEqual(said(two, 10), { seq: 12, mine: "👍", tallies: [tally("👍", you, me)] });
  const three = withEntries(two, [reacted(13, 10, undefined, [tally("👍", me)])], me);
  deepEqual(said(three, 10), { seq: 13, mine: "👍", tallies: [tally("👍", me)] });
  deepEqual(said(withEntries(three, [reacted(14, 10, undefined, [], me)], me), 10), { seq: 14, tallies: [] });
});

test("a page that is older than a reaction, or newer, changes nothing of what the newest says", () => {
  const reactions = [reacted(11, 10, "👍", [tally("👍", me)], me), reacted(12, 10, "🔥", [tally("👍", me), tally("🔥", you)])];
  const newest = { seq: 12, mine: "👍", tallies: [tally("👍", me), tally("🔥", you)] };
  const page: readonly Entry[] = [text(9, 7), { ...text(10, 8), reactions: { seq: 11, mine: "👍", tallies: [tally("👍", me)] } }];
  const chat = chatFrom(summary(), undefined, me);
  deepEqual(said(withHistory(withEntries(chat, reactions, me), page, me), 10), newest);
  const later = withHistory(chat, [{ ...text(10, 8), reactions: newest }], me);
  deepEqual(said(withEntries(later, reactions, me), 10), newest);
  // A page that comes after reactions to what was not here.
  const above = withEntries(chatFrom(summary({ last: null }), undefined, me), reactions, me);
  deepEqual(said(withHistory(above, [text(10, 8)], me), 10), newest);
});

test("of two copies of a message the newer words and the newer reactions stay", () => {
  const old = { ...text(10, 8), text: "new", edited: { seq: 15, ts: 9 }, reactions: { seq: 11, tallies: [] } };
  const other = { ...text(10, 8), reactions: { seq: 20, tallies: [tally("👍", you)] } };
  for (const [first, second] of [[old, other], [other, old]] as const) {
    const chat = withHistory(withHistory(chatFrom(summary({ last: null }), undefined), [first]), [second]);
    deepEqual(entryAt(chat, 10), { ...old, reactions: other.reactions });
  }
});

test("an edit keeps what is said of a message, and a deletion takes it", () => {
  const chat = withEntries(chatFrom(summary(), undefined, me), [reacted(11, 10, "👍", [tally("👍", you)])], me);
  const after = withEntries(chat, [edited(12, 10, "tea")], me);
  equal(said(after, 10)?.tallies.length, 1);
  const gone = withEntries(after, [messageDeleted(13, 10, 8), reacted(14, 10, "👍", [tally("👍", you)])], me);
  equal(said(gone, 10), undefined);
  equal(entryAt(gone, 10)?.kind, "erased");
});

test("what I say is counted at once, takes the place of what I said, and is taken back", () => {
  deepEqual(saying(undefined, "👍", me), { seq: 0, mine: "👍", tallies: [tally("👍", me)] });
  equal(saying(undefined, undefined, me).tallies.length, 0);
  const others = { seq: 5, tallies: [{ emoji: "👍", count: 4, first: [you, account("3"), account("4")] }] };
  const mine = saying(others, "👍", me);
  deepEqual(mine, { seq: 5, mine: "👍", tallies: [{ ...others.tallies[0], count: 5 }] });
  equal(saying(mine, "👍", me), mine);
  deepEqual(saying(mine, undefined, me), others);
  const other = { seq: 5, mine: "👍", tallies: [tally("👍", me), tally("🔥", you)] };
  deepEqual(saying(other, "🔥", me), { seq: 5, mine: "🔥", tallies: [tally("🔥", you, me)] });
});

test("what waits to be said is shown in its message and is no line; what was refused is not shown", () => {
  const chat = withEntries(chatFrom(summary(), undefined, me), [reacted(11, 10, "🔥", [tally("🔥", you)])], me);
  const shown = (item: OutboxItem) => {
    const rows = rowsOf(chat, [item], me, atOpen);
    deepEqual(rows.map(({ kind }) => kind), ["hole", "message"]);
    const row = rows[1];
    return row?.kind === "message" && row.entry.kind === "text" ? row.entry.reactions : undefined;
  };
  deepEqual(shown(waiting("👍")), { seq: 11, mine: "👍", tallies: [tally("🔥", you), tally("👍", me)] });
  deepEqual(shown(waiting("👍", "failed")), { seq: 11, tallies: [tally("🔥", you)] });
  const item = waiting("👍");
  equal(reactedBy(text(10, 8), item, me).reactions?.mine, "👍");
  const base = text(10, 8);
  equal(reactedBy(base, item, me), reactedBy(base, item, me));
  const last = waiting();
  equal(waitingReactions([item, last], chatId("a")).get(10), last);
  equal(waitingReactions([item, last], chatId("b")).size, 0);
});
