// The clock shell: named timers, each at most once, and a wait that can be cut short.

export class TimerShell {
  private readonly running = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(private readonly fired: (timer: string) => void) {}

  set(timer: string, after: number): void {
    this.cancel(timer);
    const handle = setTimeout(() => {
      this.running.delete(timer);
      this.fired(timer);
    }, after);
    this.running.set(timer, handle);
  }

  cancel(timer: string): void {
    clearTimeout(this.running.get(timer));
    this.running.delete(timer);
  }

  cancelAll(): void {
    for (const handle of this.running.values()) clearTimeout(handle);
    this.running.clear();
  }
}

/** One wait at a time, which somebody may end early. */
export class Wait {
  private finish: (() => void) | null = null;

  /** Ends after `milliseconds`, or when `end` is called. */
  async wait(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.finish = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.finish = null;
  }

  end(): void {
    this.finish?.();
  }
}
