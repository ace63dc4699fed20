// Finds out soon that a socket which looks open is not: after a sleep of the machine, a change of the
// network, or a while in the background it is asked for an answer at once, with less patience than usual.

/** This much more than the pause between two looks at the clock was a sleep. */
const sleepMilliseconds = 5_000;
const lookMilliseconds = 1_000;
/** A page that was out of sight for less is not suspicious. */
const hiddenMilliseconds = 10_000;
/** How long the answer may take then; the usual patience is the core's. */
export const suspiciousPongMilliseconds = 800;

export class Pulse {
  /** Until when a ping is sent with less patience. */
  private isSuspicious = false;
  private hiddenSince: number | null = null;
  private lastLook = Date.now();

  /** `onSuspicion` asks the socket for an answer. */
  constructor(private readonly onSuspicion: () => void) {}

  /** Looks at the clock from now on. */
  start(): void {
    setInterval(() => this.look(Date.now()), lookMilliseconds);
  }

  /** Some tab is looked at, or none any more. */
  seen(isSeen: boolean): void {
    const since = this.hiddenSince;
    this.hiddenSince = isSeen ? null : since ?? Date.now();
    if (isSeen && since !== null && Date.now() - since > hiddenMilliseconds) this.suspect();
  }

  /** Something happened after which a socket may be dead without knowing. */
  suspect(): void {
    this.isSuspicious = true;
    this.onSuspicion();
    this.isSuspicious = false;
  }

  /** How long to wait for the answer to a ping that is sent now. */
  patience(usual: number): number {
    return this.isSuspicious ? Math.min(usual, suspiciousPongMilliseconds) : usual;
  }

  private look(now: number): void {
    const slept = now - this.lastLook > lookMilliseconds + sleepMilliseconds;
    this.lastLook = now;
    if (slept) this.suspect();
  }
}
