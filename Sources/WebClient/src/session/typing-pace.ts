// How often it is said that somebody types.

import type { ChatId } from "../protocol/ids";

/** How often it is said that somebody goes on typing. */
const pause = 3_000;
/** How soon after that something else may be said: nodes pass on no more. */
const pauseMin = 1_000;

export class TypingPace {
  /** Where the person was last said to type; null when that is over. */
  private chat: ChatId | null = null;
  private at = 0;

  /** The person presses a key in `chat` at `now`; whether others are to hear of it. */
  says(chat: ChatId, now: number): boolean {
    if (now - this.at < (this.chat === chat ? pause : pauseMin)) return false;
    this.chat = chat;
    this.at = now;
    return true;
  }

  /** What was written is sent or taken back: the next letter is news. */
  stop(): void {
    this.chat = null;
  }
}
