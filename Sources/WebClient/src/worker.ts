// The script of the engine. As a shared worker it runs one engine, with a port for every tab; in a page of
// a browser without shared workers it gives the page what makes an engine.

import { Engine } from "./session/engine";
import type { Command, EngineMaker } from "./session/messages";

interface Scope {
  /** Null at the start of a shared worker, not there in a page. */
  onconnect?: ((event: MessageEvent) => void) | null;
  chaticketEngine?: EngineMaker;
}

declare const self: Scope;

const makeEngine: EngineMaker = (home, publish) => {
  const engine = new Engine(home, publish);
  void engine.boot();
  return engine;
};

function serveTabs(): void {
  const ports = new Set<MessagePort>();
  const lock = `chaticket.worker.${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
  const held = new Promise<void>((resolve) => {
    if (!("locks" in navigator)) return;
    void navigator.locks.request(lock, () => {
      resolve();
      return new Promise(() => undefined);
    });
  });
  const engine = makeEngine(location.origin, (news) => {
    for (const port of ports) port.postMessage(news);
  });
  self.onconnect = ({ ports: [port] }) => {
    if (port === undefined) return;
    port.onmessage = ({ data }: MessageEvent<Command>) => {
      if (data.kind === "join") ports.add(port);
      if (data.kind === "part") ports.delete(port);
      engine.receive(data);
    };
    void held.then(() => port.postMessage({ kind: "runs", lock }));
  };
}

if (self.onconnect === undefined) self.chaticketEngine = makeEngine;
else serveTabs();
