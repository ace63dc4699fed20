import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { change, emptyStore } from "../model/store";
import type { Store, StoreChange } from "../model/store";
import type { Me } from "../protocol/http-types";
import { chatId, edited, me, summary, text } from "../testing/sample";
import type { Changes } from "./archive";
import { Saver } from "./saver";

const complete: Me = { id: me, phone: "+491511234567", name: "Ada", username: "ada_l", hasPassword: true, isComplete: true, lastSeen: "nobody" };
const incomplete: Me = { ...complete, name: "", username: null, isComplete: false };

/** A saver, the store that it writes, and what it wrote. */
function harness() {
  const written: { readonly me: Me; readonly changes: Changes }[] = [];
  const saver = new Saver({
    save: (who, changes) => {
      written.push({ me: who, changes });
      return Promise.resolve();
    },
  });
  let store: Store = emptyStore;
  let who: Me | null = null;
  const note = (what: StoreChange) => {
    const before = store;
    store = change(store, what);
    saver.note(what, before, () => who, () => store);
  };
  return { saver, written, note, become: (next: Me | null) => (who = next) };
}

test("an account is kept as it is when it is written, not as it was at the first change", () => {
  const { saver, written, note, become } = harness();
  become(incomplete);
  note({ kind: "people", people: [incomplete] });
  become(complete);
  note({ kind: "people", people: [complete] });
  saver.flush();
  deepEqual(written.map((one) => one.me), [complete]);
});

test("a page that goes has everything written at once, and only once", () => {
  const { saver, written, note, become } = harness();
  become(complete);
  note({ kind: "chat", chat: summary() });
  saver.flush();
  saver.flush();
  deepEqual(written.map(({ changes }) => changes.chats.map(({ id }) => id)), [[summary().id]]);
});

test("after the account has left nothing of it is written any more", () => {
  const { saver, written, note, become } = harness();
  become(complete);
  note({ kind: "chat", chat: summary() });
  saver.stop();
  become(null);
  saver.flush();
  deepEqual(written, []);
});

test("an older page does not write over the words that an edit gave", () => {
  const { saver, written, note, become } = harness();
  become(complete);
  note({ kind: "chat", chat: summary() });
  note({ kind: "entries", chat: summary().id, entries: [edited(11, 10, "tea")], me });
  note({ kind: "history", chat: summary().id, page: { epoch: 1, entries: [text(10, 8)], head: { seq: 10, n: 8 } } });
  saver.flush();
  const entries = written[0]?.changes.entries.get(summary().id) ?? [];
  deepEqual(entries.map((entry) => [entry.seq, entry.kind === "text" ? entry.text : entry.kind]), [
    [10, "text 8"], [11, "edited"], [10, "tea"],
  ]);
});

test("what may have been changed unseen does not stay in the archive", () => {
  const { saver, written, note, become } = harness();
  become(complete);
  note({ kind: "chats", chats: [summary(), summary({ id: chatId("b") })] });
  const later = { head: { seq: 20, n: 9 }, last: text(20, 9) };
  note({ kind: "chats", chats: [summary({ ...later, changed: 19 }), summary({ id: chatId("b"), ...later, changed: 4 })] });
  saver.flush();
  deepEqual(written[0]?.changes.emptied, [chatId("a")]);
});
