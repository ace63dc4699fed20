import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../protocol/http-types";
import type { ChatId } from "../protocol/ids";
import { chatId } from "../testing/sample";
import { DraftSync, keyOf } from "./draft-sync";
import type { Begun } from "./draft-sync";

const [a, b] = [chatId("a"), chatId("b")];
const none: Begun = { text: "", replyTo: 0 };

/** What two devices share. */
class Cloud {
  readonly drafts = new Map<ChatId, Begun>();
  saves = 0;
  code: string | null = null;
  /** Until when nothing that was saved is answered. */
  answer: Promise<void> = Promise.resolve();

  save(chat: ChatId, draft: Begun): void {
    if (this.code !== null) throw new ApiError(0, this.code, "", this.code === "network", 0);
    this.saves += 1;
    if (draft.text === "") this.drafts.delete(chat);
    else this.drafts.set(chat, draft);
  }
}

/** A browser with a journal. */
function device(cloud: Cloud) {
  const journal = new Map<ChatId, Begun>();
  const shared = new Map<ChatId, string>();
  const scene = { now: 0, typing: null as ChatId | null, open: null as ChatId | null, speaks: true };
  const sync = new DraftSync({
    fetch: (chat) =>
      Promise.resolve(
        [...cloud.drafts].filter(([one]) => chat === null || one === chat).map(([one, draft]) => ({ chat: one, ...draft, ts: 7 })),
      ),
    save: async (chat, draft) => {
      cloud.save(chat, draft);
      await cloud.answer;
    },
    chats: () => [...new Set([...journal.keys(), ...shared.keys()])],
    read: (chat) => journal.get(chat) ?? none,
    write: (chat, draft) => journal.set(chat, draft),
    shared: (chat) => shared.get(chat) ?? "",
    share: (chat, key) => shared.set(chat, key),
    isTyping: (chat) => chat === scene.typing,
    isSpeaker: () => scene.speaks,
    now: () => scene.now,
    later: () => undefined,
  });
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  const look = async () => {
    sync.look(scene.open);
    await settled();
  };
  const write = async (chat: ChatId, text: string, replyTo = 0) => {
    journal.set(chat, { text, replyTo });
    await look();
  };
  const text = (chat: ChatId) => (journal.get(chat) ?? none).text;
  return { sync, scene, look, write, text, settled, reply: (chat: ChatId) => journal.get(chat)?.replyTo };
}

test("what is written is saved after some seconds, when one leaves, and at once when it is sent", async () => {
  const cloud = new Cloud();
  const one = device(cloud);
  await one.sync.connect(true);
  one.scene.open = a;
  await one.write(a, "ha");
  await one.write(a, "hal");
  deepEqual([cloud.saves, cloud.drafts.get(a)], [0, undefined]);
  one.scene.now = 10_000;
  await one.look();
  deepEqual([cloud.saves, cloud.drafts.get(a)?.text], [1, "hal"]);
  await one.write(a, "half", 4);
  one.scene.now = 19_999;
  await one.look();
  deepEqual(cloud.saves, 1);
  one.scene.open = b;
  await one.look();
  deepEqual([cloud.saves, cloud.drafts.get(a)], [2, { text: "half", replyTo: 4 }]);
  await one.look();
  deepEqual(cloud.saves, 2);
  one.scene.open = a;
  await one.write(a, " ");
  deepEqual([cloud.saves, cloud.drafts.get(a)], [3, undefined]);
});

test("what was begun on one device is there on the other, and goes when it is sent", async () => {
  const cloud = new Cloud();
  const [one, other] = [device(cloud), device(cloud)];
  for (const { sync } of [one, other]) await sync.connect(true);
  await one.write(a, "half", 4);
  await other.sync.hear(a);
  deepEqual([other.text(a), other.reply(a)], ["half", 4]);
  await other.look();
  deepEqual(cloud.saves, 1);
  await one.write(a, "");
  await other.sync.hear(a);
  deepEqual(other.text(a), "");
  // A device that comes later asks for all.
  await one.write(b, "tea");
  const late = device(cloud);
  await late.sync.connect(true);
  deepEqual(late.text(b), "tea");
});

test("nobody's text is taken from under their hands; what came meanwhile is there when they are gone", async () => {
  const cloud = new Cloud();
  const [one, other] = [device(cloud), device(cloud)];
  for (const { sync } of [one, other]) await sync.connect(true);
  await one.write(a, "half");
  await other.sync.hear(a);
  other.scene.typing = a;
  other.scene.open = a;
  await one.write(a, "half a");
  await other.sync.hear(a);
  other.scene.now = 60_000;
  await other.look();
  // It keeps its own, and does not fight.
  deepEqual([other.text(a), cloud.drafts.get(a)?.text], ["half", "half a"]);
  other.scene.typing = null;
  other.scene.open = null;
  await other.look();
  await other.settled();
  deepEqual(other.text(a), "half a");
});

test("what another device saved while a text was on its way is not missed", async () => {
  const cloud = new Cloud();
  const one = device(cloud);
  await one.sync.connect(true);
  let answer: () => void = () => undefined;
  cloud.answer = new Promise((resolve) => {
    answer = resolve;
  });
  await one.write(a, "half");
  cloud.drafts.set(a, { text: "from the other", replyTo: 0 });
  await one.sync.hear(a);
  deepEqual(one.text(a), "half");
  answer();
  await one.settled();
  deepEqual([one.text(a), cloud.saves], ["from the other", 1]);
});

test("of two that are written at the same time the one that is saved last is there in the end", async () => {
  const cloud = new Cloud();
  const [one, other] = [device(cloud), device(cloud)];
  await one.sync.connect(true);
  await other.write(a, "without a network");
  await one.write(a, "first");
  await other.sync.connect(true);
  await other.settled();
  deepEqual(cloud.drafts.get(a)?.text, "without a network");
  await one.sync.hear(a);
  deepEqual([one.text(a), other.text(a)], ["without a network", "without a network"]);
});

test("what was sent without a network is cleared when there is one, and does not come back", async () => {
  const cloud = new Cloud();
  const one = device(cloud);
  await one.sync.connect(true);
  await one.write(a, "half");
  await one.sync.connect(false);
  await one.write(a, "");
  await one.sync.connect(true);
  await one.settled();
  deepEqual([one.text(a), cloud.drafts.get(a)], ["", undefined]);
});

test("a save that fails is tried again when the session is live; one that is refused is not", async () => {
  const cloud = new Cloud();
  const one = device(cloud);
  await one.sync.connect(true);
  cloud.code = "network";
  await one.write(a, "half");
  cloud.code = null;
  await one.sync.connect(true);
  await one.settled();
  deepEqual(cloud.drafts.get(a)?.text, "half");
  cloud.code = "tooLarge";
  await one.write(b, "tea");
  cloud.code = null;
  await one.look();
  deepEqual([cloud.drafts.get(b), one.text(b)], [undefined, "tea"]);
  await one.write(b, "tea!");
  deepEqual(cloud.drafts.get(b)?.text, "tea!");
});

test("the tab that is looked at saves, and what cannot be sent stays where it is", async () => {
  const cloud = new Cloud();
  const one = device(cloud);
  await one.sync.connect(true);
  one.scene.speaks = false;
  await one.write(a, "half");
  one.scene.speaks = true;
  await one.write(b, "x".repeat(4_097));
  deepEqual([...cloud.drafts.keys()], [a]);
  deepEqual([keyOf(none), keyOf({ text: " \n", replyTo: 4 }), keyOf({ text: "x", replyTo: 4 })], ["", "", "4 x"]);
});
