import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { Speaker } from "./speaker";

/** Locks as a browser has them: whoever loses one is told so, a moment later. */
class Locks {
  private holder: { readonly tab: string; readonly lose: () => void } | null = null;
  private waiting: { readonly tab: string; readonly grant: () => void }[] = [];

  of(tab: string) {
    return {
      request: (_: string, { steal }: { readonly steal: boolean }, granted: () => Promise<unknown>) =>
        new Promise<unknown>((_resolve, reject) => {
          const grant = () => {
            this.holder = { tab, lose: () => queueMicrotask(() => reject(new Error("stolen"))) };
            void granted();
          };
          if (steal) queueMicrotask(() => (this.holder?.lose(), grant()));
          else if (this.holder === null) grant();
          else this.waiting.push({ tab, grant });
        }),
    };
  }

  /** The tab is gone, with all that it holds and waits for. */
  close(tab: string): void {
    this.waiting = this.waiting.filter((one) => one.tab !== tab);
    if (this.holder?.tab !== tab) return;
    this.holder = null;
    this.waiting.shift()?.grant();
  }
}

const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

test("the tab that was looked at last speaks, however often it says so, and another when it is closed", async () => {
  const locks = new Locks();
  const [one, two, three] = [new Speaker(locks.of("1")), new Speaker(locks.of("2")), new Speaker(locks.of("3"))];
  const speak = async () => {
    await settle();
    return [one.speaks, two.speaks, three.speaks];
  };
  one.ask(true);
  two.ask(false);
  three.ask(false);
  deepEqual(await speak(), [true, false, false]);
  // The browser tells of one look by several events.
  for (let round = 0; round < 3; round += 1) two.ask(true);
  deepEqual(await speak(), [false, true, false]);
  for (let round = 0; round < 50; round += 1) {
    three.ask(true);
    deepEqual(await speak(), [false, false, true]);
    two.ask(true);
    deepEqual(await speak(), [false, true, false]);
  }
  locks.close("2");
  const left = await speak();
  deepEqual([left[0] !== left[2], left[1]], [true, true]);
});
