// Where the engine runs, from the best to the last: in a worker that all tabs share; in the tab that holds
// a lock, with the others talking to it over a channel; in this tab alone. Each way the browser has one
// socket as far as it can. The engine's script is loaded only where it runs.

import type { Command, EngineLink, EngineMaker, News } from "./messages";

const lockName = "chaticket.engine";
const commandsName = "chaticket.commands";
const newsName = "chaticket.news";
const loadPause = 2_000;

declare global {
  var chaticketEngine: EngineMaker | undefined;
}

/** A way to the one engine of this browser. `script` is the address of the engine's script. */
export function connectEngine(home: string, script: string, onNews: (news: News) => void): EngineLink {
  if ("SharedWorker" in globalThis) return sharedWorker(script, onNews);
  if ("locks" in navigator && "BroadcastChannel" in globalThis) return electedTab(home, script, onNews);
  return engineHere(home, script, onNews);
}

/** A worker that all tabs share. Who gets the lock that it holds knows that it has died, and starts another. */
export function sharedWorker(script: string, onNews: (news: News) => void): EngineLink {
  let visible: Command | null = null;
  let port = open();

  function open(): MessagePort {
    const { port } = new SharedWorker(script, { name: "chaticket" });
    port.onmessage = ({ data }: MessageEvent<News>) => {
      if (data.kind === "runs") void navigator.locks.request(data.lock, { mode: "shared" }, again);
      else onNews(data);
    };
    return port;
  }

  function again(): void {
    port = open();
    port.postMessage({ kind: "join" });
    if (visible !== null) port.postMessage(visible);
  }

  return {
    send: (command) => {
      if (command.kind === "visible") visible = command;
      port.postMessage(command);
    },
  };
}

/** The tab that gets the lock runs the engine; when it closes, the lock and the engine go to another. */
function electedTab(home: string, script: string, onNews: (news: News) => void): EngineLink {
  const commands = new BroadcastChannel(commandsName);
  const news = new BroadcastChannel(newsName);
  let own: EngineLink | null = null;
  let visible: Command | null = null;
  news.onmessage = (message: MessageEvent<News>) => onNews(message.data);
  void navigator.locks.request(lockName, () => {
    const engine = engineHere(home, script, (what) => {
      onNews(what);
      news.postMessage(what);
    });
    own = engine;
    commands.onmessage = (message: MessageEvent<Command>) => engine.send(message.data);
    // What was said before went to nobody, or to an engine that is no more.
    engine.send({ kind: "join" });
    if (visible !== null) engine.send(visible);
    // The lock lasts as long as this promise: until the tab is closed.
    return new Promise(() => undefined);
  });
  return {
    send: (command) => {
      if (command.kind === "visible") visible = command;
      if (own === null) commands.postMessage(command);
      else own.send(command);
    },
  };
}

/** An engine in this very page. What is said before its script is here waits. */
function engineHere(home: string, script: string, onNews: (news: News) => void): EngineLink {
  let engine: ReturnType<EngineMaker> | null = null;
  const early: Command[] = [];
  void load(script).then((makeEngine) => {
    const made = makeEngine(home, onNews);
    engine = made;
    for (const command of early) made.receive(command);
  });
  return {
    send: (command) => {
      if (engine === null) early.push(command);
      else engine.receive(command);
    },
  };
}

/** Loads the engine's script, for as long as it takes. */
async function load(script: string): Promise<EngineMaker> {
  for (;;) {
    await new Promise((resolve) => {
      const element = document.createElement("script");
      element.src = script;
      element.onload = resolve;
      element.onerror = resolve;
      document.head.append(element);
    });
    if (globalThis.chaticketEngine !== undefined) return globalThis.chaticketEngine;
    await new Promise((resolve) => setTimeout(resolve, loadPause));
  }
}
