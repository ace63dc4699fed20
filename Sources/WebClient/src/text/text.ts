// The page's words in the person's language. A catalogue maps keys to texts; what one lacks is English.
// Numbers, plurals, dates and lists follow the language by Intl.

import { en } from "./en";
import type { later } from "./en-later";
import type { entrance } from "./en-sign-in";
import { pseudo } from "./pseudo";

type Source = typeof en & typeof later & typeof entrance;
type Key = keyof Source;
type TextOf<K extends Key> = Source[K] extends string ? Source[K] : Extract<Source[K], { other: string }>["other"];
type Names<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Params<K extends Key> = { readonly [Name in Names<TextOf<K>>]: string | number };
type Rest<K extends Key> = [Names<TextOf<K>>] extends [never] ? [] : [Params<K>];

export type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };
export type Catalogue = Readonly<Partial<Record<Key, string | Forms>>>;
/** The keys of texts that need nothing filled in. */
export type PlainKey = { readonly [K in Key]: [Names<TextOf<K>>] extends [never] ? K : never }[Key];

interface Language {
  readonly direction: "ltr" | "rtl";
  readonly name: string;
  readonly catalogue: Catalogue;
}

/** The pseudo-language has the code that CLDR reserves for a right-to-left one (UTS 35, 3.13). */
const languages: Readonly<Record<string, Language>> = {
  en: { direction: "ltr", name: "English", catalogue: {} },
  "ar-XB": { direction: "rtl", name: "[Pseudo, right to left]", catalogue: pseudo(en) },
};

/** English, the language that is complete. */
const whole: Record<string, string | Forms> = { ...en };

/** Adds the sentences of a part of the page that is loaded later. */
export function addWords(words: typeof later | typeof entrance): void {
  Object.assign(whole, words);
  Object.assign(languages["ar-XB"]?.catalogue ?? {}, pseudo(words));
}

const storageKey = "chaticket.language";
let current = "en";

/** The languages that there are; the pseudo-language only when it is in use. */
export function offeredLanguages(): readonly { readonly code: string; readonly name: string }[] {
  return Object.entries(languages)
    .filter(([code]) => code !== "ar-XB" || current === code)
    .map(([code, { name }]) => ({ code, name }));
}

/** The language that the person chose, or "" for the browser's. */
export function chosenLanguage(): string {
  try {
    return localStorage.getItem(storageKey) ?? "";
  } catch {
    return "";
  }
}

export function chooseLanguage(code: string): void {
  try {
    if (code === "") localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, code);
  } catch {
    // Without storage the choice cannot be kept, and the page stays as it is.
  }
}

/** Takes the person's language, else the first of the browser's that there is, else English. */
export function startLanguage(wanted: readonly string[]): void {
  current = [chosenLanguage(), ...wanted].map(known).find((code) => code !== null) ?? "en";
}

/** The language in use, as a BCP 47 tag for `lang` and for Intl. */
export function language(): string {
  return current;
}

export function direction(): "ltr" | "rtl" {
  return languages[current]?.direction ?? "ltr";
}

/** The text of `key` in the language in use, with its parameters filled in. */
export function text<K extends Key>(key: K, ...rest: Rest<K>): string {
  const params: Readonly<Record<string, string | number>> = rest[0] ?? {};
  return filled(formOf(languages[current]?.catalogue[key] ?? whole[key] ?? key, params["n"]), params);
}

/** A number as the language writes it. */
export function number(value: number): string {
  return new Intl.NumberFormat(current).format(value);
}

/** Whether there is a text of this name by now: for codes that the server sends. */
export function isPlainKey(key: string): key is PlainKey {
  const found: unknown = whole[key];
  return typeof found === "string" && !found.includes("{");
}

/** Letters that run from right to left, and signs that turn what follows them. */
const turning = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;
/** Signs that could end the isolation, or go on after it (UAX 9, 2.1 to 2.4). */
const controls = /[\u202a-\u202e\u2066-\u2069]/g;

/** What people wrote keeps its own direction inside of a text, and turns nothing outside (UAX 9, 2.4.2). */
function isolated(value: string): string {
  return `\u2068${value.replace(controls, "")}\u2069`;
}

function known(code: string): string | null {
  if (code in languages) return code;
  const base = code.split("-")[0] ?? "";
  return base in languages ? base : null;
}

function formOf(entry: string | Forms, n: string | number | undefined): string {
  if (typeof entry === "string") return entry;
  const rule = new Intl.PluralRules(current).select(Number(n ?? 0));
  return entry[rule] ?? entry.other;
}

function filled(template: string, params: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    if (typeof value === "number") return number(value);
    return direction() === "rtl" || turning.test(value) ? isolated(value) : value;
  });
}
