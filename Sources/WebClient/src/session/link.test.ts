import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { firstView } from "./snapshot";
import { emptyStore } from "../model/store";
import { sharedWorker } from "./link";
import type { Command, News } from "./messages";

/** Workers as a browser starts them: each hears what its pages say, and ends when it is told to. */
function browser() {
  const workers: { readonly heard: Command[]; readonly say: (news: News) => void; readonly die: () => void }[] = [];
  const waiting = new Map<string, () => void>();
  class SharedWorker {
    readonly port: {
      onmessage: ((event: { readonly data: News }) => void) | null;
      readonly postMessage: (command: Command) => void;
    };

    constructor() {
      const heard: Command[] = [];
      const port: SharedWorker["port"] = { onmessage: null, postMessage: (command) => heard.push(command) };
      const lock = `lock ${workers.length}`;
      this.port = port;
      workers.push({ heard, say: (data) => port.onmessage?.({ data }), die: () => waiting.get(lock)?.() });
    }
  }
  const locks = {
    request: (name: string, _: unknown, granted: () => void) => {
      waiting.set(name, granted);
      return Promise.resolve();
    },
  };
  Object.defineProperty(globalThis, "SharedWorker", { value: SharedWorker, configurable: true });
  Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });
  return workers;
}

test("a page whose worker died starts another, tells it that it is here, and hears its news", () => {
  const workers = browser();
  const heard: News[] = [];
  const link = sharedWorker("worker.js", (news) => heard.push(news));
  const all: News = { kind: "all", view: firstView, store: emptyStore };
  const visible: Command = { kind: "visible", tab: "1", isVisible: true };
  link.send({ kind: "join" });
  link.send(visible);
  workers[0]?.say({ kind: "runs", lock: "lock 0" });
  workers[0]?.say(all);
  workers[0]?.die();
  workers[1]?.say({ kind: "runs", lock: "lock 1" });
  workers[1]?.say(all);
  link.send({ kind: "touched" });
  deepEqual(workers.map((worker) => worker.heard), [
    [{ kind: "join" }, visible],
    [{ kind: "join" }, visible, { kind: "touched" }],
  ]);
  deepEqual(heard, [all, all]);
  workers[1]?.die();
  deepEqual(workers[2]?.heard, [{ kind: "join" }, visible]);
});
