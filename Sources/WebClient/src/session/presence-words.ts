// Whether somebody is there, in words.

import { clockTime, dayKey } from "../model/time";
import type { Presence } from "../protocol/frames";
import { language, text } from "../text/text";

const minute = 60_000;
const day = 86_400_000;

/** What is said without a time. */
const plain = {
  online: "seen.online",
  recently: "seen.recently",
  week: "seen.week",
  month: "seen.month",
  long: "seen.long",
} as const;

/** online, last seen 5 minutes ago, last seen at 14:05, last seen March 3. */
export function presenceWords({ is, lastSeen = 0 }: Presence, now: number): string {
  if (is !== "offline") return text(plain[is]);
  if (lastSeen === 0) return text("seen.long");
  const minutes = Math.floor((now - lastSeen) / minute);
  if (minutes < 1) return text("seen.now");
  if (minutes < 60) return text("seen.minutes", { n: minutes });
  if (dayKey(lastSeen) === dayKey(now)) return text("seen.today", { time: clockTime(lastSeen) });
  if (dayKey(lastSeen) === dayKey(now - day)) return text("seen.yesterday", { time: clockTime(lastSeen) });
  const date = new Date(lastSeen).toLocaleDateString(language(), { day: "numeric", month: "long", year: "numeric" });
  return text("seen.date", { date });
}
