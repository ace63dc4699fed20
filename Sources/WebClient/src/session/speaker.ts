// Which of the tabs of a browser speaks for all of them: the one that was looked at last. It holds a lock, which
// another takes away from it when somebody looks there, and which goes to one that waits when it is closed.

const name = "chaticket.speaker";

/** What a speaker needs of the browser's locks. */
interface Locks {
  request(name: string, options: { readonly steal: boolean }, granted: () => Promise<unknown>): Promise<unknown>;
}

export class Speaker {
  /** The request by which this tab holds the lock; null while it does not. */
  private holding: symbol | null = null;
  /** Requests that were not granted yet: at most one that takes the lock away, and one that waits for it. */
  private readonly asked = new Set<boolean>();

  constructor(private readonly locks: Locks) {}

  get speaks(): boolean {
    return this.holding !== null;
  }

  /** Becomes the speaker at once where somebody looks at the tab, else when nobody is. */
  ask(isSeen: boolean): void {
    if (this.speaks || this.asked.has(isSeen)) return;
    this.asked.add(isSeen);
    const request = Symbol();
    const granted = () => {
      this.asked.delete(isSeen);
      this.holding = request;
      // Held until the tab is closed, or somebody takes it.
      return new Promise(() => undefined);
    };
    this.locks.request(name, { steal: isSeen }, granted).catch(() => {
      if (this.holding === request) this.holding = null;
      this.ask(false);
    });
  }
}

const isSeen = () => document.visibilityState === "visible";
let speaker: Speaker | null = null;

/** Whether alerts are this tab's to give. Where there are no locks, each tab that is seen gives its own. */
export function isSpeaker(): boolean {
  return speaker === null ? isSeen() : speaker.speaks;
}

export function startSpeaker(): void {
  if (!("locks" in navigator)) return;
  const made = new Speaker(navigator.locks);
  speaker = made;
  made.ask(isSeen());
  const look = () => isSeen() && made.ask(true);
  addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);
}
