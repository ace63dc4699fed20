// Light or dark: the person's choice, or the system's as long as there is none. The attribute
// `data-theme` of the document carries it to the tokens.

import { useSyncExternalStore } from "react";

export type ThemeChoice = "light" | "dark" | "system";

const key = "chaticket.theme";
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

export function readTheme(): ThemeChoice {
  const saved = readSaved();
  return saved === "light" || saved === "dark" ? saved : "system";
}

export function saveTheme(choice: ThemeChoice): void {
  try {
    localStorage.setItem(key, choice);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  showTheme(choice);
}

/** Shows the saved choice, and follows the system from now on. */
export function startTheme(): void {
  showTheme(readTheme());
  systemDark.addEventListener("change", () => showTheme(readTheme()));
}

/** Whether the page is dark now, by choice or by the system. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, isDarkShown);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function isDarkShown(): boolean {
  return document.documentElement.dataset["theme"] === "dark";
}

function showTheme(choice: ThemeChoice): void {
  const isDark = choice === "dark" || (choice === "system" && systemDark.matches);
  document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
  // The bar of a phone has the colour of the page's head.
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
    meta.content = isDark ? "#212121" : "#ffffff";
  }
  for (const listener of listeners) listener();
}

function readSaved(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
