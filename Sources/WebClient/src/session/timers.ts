// The clock shell: named timers, each at most once.

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
