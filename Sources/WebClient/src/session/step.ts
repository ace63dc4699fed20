// One step of the core while it is being computed: the state so far and the effects so far. It never
// leaves `reduce`, which stays a pure function.

import type { ChatId, LogId } from "../protocol/ids";
import type { LogState, SessionEffect, SessionState } from "./state";

export class Step {
  readonly effects: SessionEffect[] = [];

  constructor(
    public state: SessionState,
    /** The random draw of this event, from 0 to 999,999. */
    readonly random: number,
  ) {}

  /** Changes some members of the state. */
  set(change: Partial<SessionState>): void {
    this.state = { ...this.state, ...change };
  }

  /** Asks the shell for something. */
  emit(effect: SessionEffect): void {
    this.effects.push(effect);
  }

  log(log: LogId): LogState | undefined {
    return this.state.logs[log];
  }

  setLog(log: LogId, change: Partial<LogState>): void {
    const old = this.state.logs[log] ?? freshLog(0, 0);
    this.set({ logs: { ...this.state.logs, [log]: { ...old, ...change } } });
  }

  removeLog(log: LogId): void {
    const { [log]: _, ...logs } = this.state.logs;
    this.set({ logs });
  }

  /** The server does not know yet what we want of this chat now. */
  forgetNamed(chat: ChatId): void {
    const { named } = this.state;
    if (named.includes(chat)) this.set({ named: named.filter((other) => other !== chat) });
  }

  /** Whether the server has let us in, so that further frames make sense to it. */
  get welcome(): boolean {
    const { phase } = this.state;
    return phase === "catchingUp" || phase === "live";
  }
}

/** A log that is known up to `seq`. */
export function freshLog(epoch: number, seq: number): LogState {
  return { epoch, seq, want: seq, waiting: false, asking: false, early: [] };
}
