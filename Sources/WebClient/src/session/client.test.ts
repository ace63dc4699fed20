import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { emptyStore } from "../model/store";
import { Client } from "./client";
import type { Command, News, SessionView } from "./messages";
import { firstView } from "./snapshot";
import { chatId } from "../testing/sample";

const chatA = chatId("a");

type Sent = Extract<Command, { readonly kind: "send" }>;

/** A tab, and what its engine hears and says. */
function tab() {
  const told: Command[] = [];
  let say: (news: News) => void = () => undefined;
  const client = new Client("http://home", (onNews) => {
    say = onNews;
    return { send: (command) => told.push(command) };
  });
  const view = { ...firstView, stage: "ready" as const };
  return {
    client,
    /** An engine that knows nothing yet says so to a tab that joins. */
    begins: () => say({ kind: "all", view, store: emptyStore }),
    holds: (outbox: SessionView["outbox"]) => say({ kind: "view", part: { session: { ...view.session, outbox } } }),
    /** Nobody is signed in any more. */
    leaves: () => say({ kind: "view", part: { ...firstView, stage: "signIn" } }),
    /** The words that the engine was told since the last time. */
    heard: () => told.splice(0).filter((command): command is Sent => command.kind === "send"),
  };
}

const texts = (sent: readonly Sent[]) => sent.map(({ text }) => text);

test("what an engine showed in its outbox is told to the next engine, as it may not have kept it", () => {
  const { client, begins, holds, heard } = tab();
  begins();
  client.send(chatA, "while the tab of the engine closes", 0);
  const [first] = heard();
  holds(first === undefined ? [] : [{ ...first, state: "queued" }]);
  begins();
  deepEqual(heard(), [first]);
});

test("what has left the outbox of an engine is told to no other", () => {
  const { client, begins, holds, heard } = tab();
  begins();
  client.send(chatA, "done", 0);
  client.send(chatA, "not yet", 0);
  const [done, notYet] = heard();
  if (done === undefined || notYet === undefined) throw new Error("the engine was told too little");
  holds([{ ...done, state: "sending" }, { ...notYet, state: "queued" }]);
  holds([{ ...notYet, state: "sending" }]);
  begins();
  deepEqual(texts(heard()), ["not yet"]);
});

test("what an engine never showed is told to the next one, in the order of writing", () => {
  const { client, begins, heard } = tab();
  client.send(chatA, "one", 0);
  client.send(chatA, "two", 0);
  heard();
  begins();
  deepEqual(texts(heard()), ["one", "two"]);
});

test("what somebody wrote who signed out is told to nobody", () => {
  const { client, begins, leaves, heard } = tab();
  begins();
  client.send(chatA, "mine alone", 0);
  heard();
  leaves();
  begins();
  deepEqual(texts(heard()), []);
});
