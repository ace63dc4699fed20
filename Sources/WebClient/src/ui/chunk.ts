// Parts of the page that a first look does not need, each a script of its own. All are fetched as soon as the browser
// has nothing better to do, so that a click rarely waits for one.

import { text } from "../text/text";
import { toast } from "./toast";

/** What a chunk's listeners and its loading are about. */
export interface Chunk<Module> {
  /** What the chunk exports, or null while it is not here. */
  readonly current: () => Module | null;
  /** Has it loaded because somebody waits for it. */
  readonly need: () => void;
  readonly subscribe: (listener: () => void) => () => void;
}

const prefetches: (() => Promise<unknown>)[] = [];

/** The files of styles besides the first one, as build.mjs makes them. */
type Sheet = "chats" | "later";

/** A chunk of its own for what `load` imports, whose styles are in `sheet` as far as the page does not have them. */
export function chunk<Module>(name: string, load: () => Promise<Module>, sheet: Sheet): Chunk<Module> {
  const listeners = new Set<() => void>();
  let module: Module | null = null;

  async function fetch(): Promise<void> {
    if (module !== null) return;
    const [loaded] = await Promise.all([load(), fetchStyles(sheet)]);
    module = loaded;
    noteLoss(name, false);
    for (const listener of listeners) listener();
  }

  function need(): void {
    void fetch().catch(() => recover(name, need));
  }

  prefetches.push(fetch);
  return {
    current: () => module,
    need,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const sheets = new Map<Sheet, Promise<void>>();

function fetchStyles(sheet: Sheet): Promise<void> {
  const known = sheets.get(sheet);
  if (known !== undefined) return known;
  const styles = new Promise<void>((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = document.querySelector<HTMLMetaElement>(`meta[name=${sheet}-styles]`)?.content ?? "";
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      sheets.delete(sheet);
      reject(new Error(`${link.href} did not come`));
    };
    document.head.append(link);
  });
  sheets.set(sheet, styles);
  return styles;
}

/** Fetches every chunk. What does not come now is asked for again when it is needed. */
export function prefetchChunks(): void {
  for (const prefetch of prefetches) void prefetch().catch(() => undefined);
}

/**
 * A chunk that does not come is one of a version that no node has any more, as far as a page can tell: a new page
 * names those of today. Once only, for where that was not the reason another page would not have it either. Without a
 * network the page waits for one.
 */
function recover(name: string, again: () => void): void {
  if (navigator.onLine && noteLoss(name, true)) return location.reload();
  toast(text("app.partMissing"));
  addEventListener("online", again, { once: true });
}

/** Remembers in this tab whether a chunk was missed; answers whether that is new and will be remembered. */
function noteLoss(name: string, isLost: boolean): boolean {
  const key = `chaticket.reloaded.${name}`;
  try {
    const wasLost = sessionStorage.getItem(key) !== null;
    if (isLost) sessionStorage.setItem(key, "1");
    else sessionStorage.removeItem(key);
    return !wasLost;
  } catch {
    return false;
  }
}
