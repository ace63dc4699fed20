// Times in words, in the person's language and time zone.

import { timeOfDay } from "../text/clock";
import { language as languageInUse } from "../text/text";

const day = 86_400_000;

/** 14:05, or 2:05 PM */
export function clockTime(ts: number, language = languageInUse()): string {
  return new Date(ts).toLocaleTimeString(language, timeOfDay());
}

/** For the list: the time today, the weekday within a week, else the date. */
export function listTime(ts: number, now: number, language = languageInUse()): string {
  const date = new Date(ts);
  if (dayKey(ts) === dayKey(now)) return clockTime(ts, language);
  if (now - ts < 6 * day) return date.toLocaleDateString(language, { weekday: "short" });
  return date.toLocaleDateString(language, { day: "2-digit", month: "2-digit", year: "2-digit" });
}

/** For the pill between days: Today, Yesterday, March 3, March 3, 2024. */
export function dayName(ts: number, now: number, language = languageInUse()): string {
  if (dayKey(ts) === dayKey(now)) return relativeDay(0, language);
  if (dayKey(ts) === dayKey(now - day)) return relativeDay(-1, language);
  const date = new Date(ts);
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString(language, {
    day: "numeric",
    month: "long",
    ...(isThisYear ? {} : { year: "numeric" }),
  });
}

function relativeDay(days: number, language: string): string {
  const word = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day");
  return word.charAt(0).toLocaleUpperCase(language) + word.slice(1);
}

/** The same for two times exactly when they are on one day here. */
export function dayKey(ts: number): string {
  const date = new Date(ts);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** Everything, for a tooltip. */
export function fullTime(ts: number, language = languageInUse()): string {
  return new Date(ts).toLocaleString(language);
}
