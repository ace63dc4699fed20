// The outbox on disk: one key of local storage per message, so that tabs do not overwrite each other.
// Two tabs may both send what a reload found: the cluster counts a message id once.

import { Fields } from "../protocol/fields";
import type { AccountId, MessageId } from "../protocol/ids";
import { total } from "../protocol/codec";
import type { Written } from "../model/outbox";

const prefix = "chaticket.outbox.";

export class OutboxStorage {
  constructor(private readonly account: AccountId) {}

  keep(item: Written): void {
    this.attempt(() => localStorage.setItem(this.key(item.cmid), JSON.stringify(item)));
  }

  forget(cmid: MessageId): void {
    this.attempt(() => localStorage.removeItem(this.key(cmid)));
  }

  /** What was written and not acknowledged, in the order of writing. */
  all(): readonly Written[] {
    const items: Written[] = [];
    this.attempt(() => {
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(`${prefix}${this.account}.`)) continue;
        const item = read(localStorage.getItem(key) ?? "");
        if (item !== null) items.push(item);
      }
    });
    return items.sort((a, b) => (a.cmid < b.cmid ? -1 : 1));
  }

  private key(cmid: MessageId): string {
    return `${prefix}${this.account}.${cmid}`;
  }

  /** Storage may be full or forbidden; then messages live as long as the page. */
  private attempt(action: () => void): void {
    try {
      action();
    } catch {
      return;
    }
  }
}

function read(text: string): Written | null {
  return total(() => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return null;
    }
    const f = Fields.of(value);
    return { cmid: f.message("cmid"), chat: f.chat("chat"), text: f.string("text") };
  });
}
