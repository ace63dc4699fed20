// Times in words, in the person's language and time zone.

const day = 86_400_000;

/** 14:05 */
export function clockTime(ts: number, language?: string): string {
  return new Date(ts).toLocaleTimeString(language, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

/** For the list: the time today, the weekday within a week, else the date. */
export function listTime(ts: number, now: number, language?: string): string {
  const date = new Date(ts);
  if (dayKey(ts) === dayKey(now)) return clockTime(ts, language);
  if (now - ts < 6 * day) return date.toLocaleDateString(language, { weekday: "short" });
  return date.toLocaleDateString(language, { day: "2-digit", month: "2-digit", year: "2-digit" });
}

/** For the pill between days: Today, Yesterday, March 3, March 3, 2024. */
export function dayName(ts: number, now: number, language?: string): string {
  if (dayKey(ts) === dayKey(now)) return "Today";
  if (dayKey(ts) === dayKey(now - day)) return "Yesterday";
  const date = new Date(ts);
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString(language, {
    day: "numeric",
    month: "long",
    ...(isThisYear ? {} : { year: "numeric" }),
  });
}

/** The same for two times exactly when they are on one day here. */
export function dayKey(ts: number): string {
  const date = new Date(ts);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** Everything, for a tooltip. */
export function fullTime(ts: number, language?: string): string {
  return new Date(ts).toLocaleString(language);
}
