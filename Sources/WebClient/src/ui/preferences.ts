// What a person may choose about the look and the keys, kept by this browser. Attributes and custom
// properties of the document carry it to the styles.

import { useSyncExternalStore } from "react";
import { chooseHourCycle } from "../text/clock";
import type { HourCycle } from "../text/clock";

export const textSizes = [12, 13, 14, 15, 16, 17, 18, 19, 20] as const;
export const wallpapers = ["meadow", "sky", "dusk", "plain"] as const;
export type Wallpaper = typeof wallpapers[number];

/** What the width of the list may be, in pixels. */
export const listWidths = { min: 288, max: 424 } as const;

export interface Preferences {
  /** Of messages, in pixels. */
  readonly textSize: number;
  readonly sendKey: "enter" | "ctrlEnter";
  readonly hasMotion: boolean;
  readonly hourCycle: HourCycle;
  readonly wallpaper: Wallpaper;
  /** Whether one is told of messages that come while one is elsewhere, with a sound, with what they say. */
  readonly hasAlerts: boolean;
  readonly hasSound: boolean;
  readonly hasPreview: boolean;
  /** The page has asked whether the browser may tell of messages, too. */
  readonly hasAsked: boolean;
  /** Of the left column, in pixels; null follows the window. */
  readonly listWidth: number | null;
}

const storageKey = "chaticket.preferences";
const usual: Preferences = {
  textSize: 16,
  sendKey: "enter",
  hasMotion: true,
  hourCycle: "h23",
  wallpaper: "meadow",
  hasAlerts: true,
  hasSound: true,
  hasPreview: true,
  hasAsked: false,
  listWidth: null,
};
const listeners = new Set<() => void>();
let current = usual;

/** Shows what was chosen earlier, before anything is drawn, and what another tab chooses. */
export function startPreferences(): void {
  current = read();
  show();
  addEventListener("storage", ({ key }) => {
    if (key === storageKey) take(read());
  });
}

export function preferences(): Preferences {
  return current;
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

export function choose(part: Partial<Preferences>): void {
  take({ ...current, ...part });
  try {
    localStorage.setItem(storageKey, JSON.stringify(current));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** How long a motion of so many milliseconds takes: none, where somebody wants the page to be still. */
export function movesFor(milliseconds: number): number {
  const isStill = !current.hasMotion || matchMedia("(prefers-reduced-motion: reduce)").matches;
  return isStill ? 0 : milliseconds;
}

/** The preferences in `value`, which may be anything; what is missing or wrong is as usual. */
export function preferencesFrom(value: unknown): Preferences {
  if (typeof value !== "object" || value === null) return usual;
  const fields: Record<string, unknown> = { ...value };
  const { textSize, hourCycle, wallpaper, listWidth } = fields;
  return {
    textSize: textSizes.find((size) => size === textSize) ?? usual.textSize,
    sendKey: fields["sendKey"] === "ctrlEnter" ? "ctrlEnter" : "enter",
    hasMotion: fields["hasMotion"] !== false,
    hasAlerts: fields["hasAlerts"] !== false,
    hasSound: fields["hasSound"] !== false,
    hasPreview: fields["hasPreview"] !== false,
    hasAsked: fields["hasAsked"] === true,
    hourCycle: hourCycle === "h12" ? "h12" : "h23",
    wallpaper: wallpapers.find((name) => name === wallpaper) ?? usual.wallpaper,
    listWidth: typeof listWidth === "number" ? fittingListWidth(listWidth) : null,
  };
}

/** The width nearest to `width` that the list may have. */
export function fittingListWidth(width: number): number {
  return Math.round(Math.min(listWidths.max, Math.max(listWidths.min, width)));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function take(next: Preferences): void {
  current = next;
  show();
  for (const listener of listeners) listener();
}

function show(): void {
  const root = document.documentElement;
  root.style.setProperty("--message-size", `${current.textSize}px`);
  root.style.setProperty("--list-width", `${current.listWidth ?? 0}px`);
  root.dataset["list"] = current.listWidth === null ? "flexible" : "fixed";
  root.dataset["motion"] = current.hasMotion ? "on" : "off";
  root.dataset["wallpaper"] = current.wallpaper;
  root.dataset["hours"] = current.hourCycle;
  chooseHourCycle(current.hourCycle);
}

function read(): Preferences {
  try {
    return preferencesFrom(JSON.parse(localStorage.getItem(storageKey) ?? "null"));
  } catch {
    return usual;
  }
}
