// The service worker: keeps the shell of the page (page, script, styles, fonts), so that it opens at once
// and without a network. Everything else, above all the API, goes to the network as if it were not here.

/** The addresses of the shell and a name that changes with any of them; the bundling step knows both. */
declare const SHELL: readonly string[];
declare const SHELL_VERSION: string;

interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}

interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface ServiceWorkerScope {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(kind: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(kind: "fetch", listener: (event: FetchEvent) => void): void;
}

declare const self: ServiceWorkerScope;

const cacheName = `shell-${SHELL_VERSION}`;
const page = "/index.html";
/** A node that does not answer a page within this time is treated as not there. */
const pageMilliseconds = 3_000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([...SHELL])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && !url.pathname.startsWith("/api/")) event.respondWith(answerPage(request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(answerAsset(request));
});

/** The page as the node has it now, else as it was: a node that is gone must not take the page along. */
async function answerPage(request: Request): Promise<Response> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), pageMilliseconds);
  try {
    return await fetch(request, { signal: abort.signal });
  } catch (error) {
    const kept = await caches.match(page);
    if (kept === undefined) throw error;
    return kept;
  } finally {
    clearTimeout(timer);
  }
}

/** Assets have the hash of their content in their names: what is kept is right for ever. */
async function answerAsset(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
}

export {};
