// Who types and who is there, in the engine: what all tabs say of it goes over the one socket, and what comes from
// there to all tabs. Nothing of it is kept.

import type { ClientFrame, CompanyFrame, PersonPresence, Welcome } from "../protocol/frames";
import type { AccountId } from "../protocol/ids";
import type { CompanyCommand } from "./messages";

/** Accounts that one socket may watch. */
const watchedMax = 256;

export class Company {
  private readonly tabs = new Map<string, CompanyCommand>();
  private readonly known = new Map<AccountId, PersonPresence>();
  /** What the node was told last, by the kind of the frame. */
  private said: Readonly<Record<string, string>> = {};
  /** Whether the node knows such frames. */
  private isKnown = false;

  /** `send` does nothing while the session is not live. */
  constructor(
    private readonly send: (frame: ClientFrame) => void,
    private readonly publish: (frame: CompanyFrame) => void,
  ) {}

  /** A tab says how it is. */
  take(command: CompanyCommand): void {
    if (command.isActive || command.accounts.length > 0) this.tabs.set(command.tab, command);
    else this.tabs.delete(command.tab);
    // Another tab may have had them on its screen before, and the node does not say it twice.
    const people = command.accounts.flatMap((account) => this.known.get(account) ?? []);
    if (people.length > 0) this.publish({ kind: "presence", people });
    this.tell();
  }

  /** The session is live, on a socket that was told nothing yet. */
  begin(): void {
    this.known.clear();
    this.repeat();
  }

  /** The node may have refused what it was told, as it was too much at once. */
  repeat(): void {
    this.said = {};
    this.tell();
  }

  /** Somebody types here, as often as a tab says so. */
  say(frame: ClientFrame): void {
    if (this.isKnown) this.send(frame);
  }

  told(frame: CompanyFrame | Welcome): void {
    if (frame.kind === "welcome") {
      this.isKnown = frame.limits["watched"] !== undefined;
      return;
    }
    if (frame.kind === "presence") for (const person of frame.people) this.known.set(person.account, person);
    this.publish(frame);
  }

  private tell(): void {
    const tabs = [...this.tabs.values()];
    const accounts = [...new Set(tabs.flatMap((tab) => tab.accounts))].sort().slice(0, watchedMax);
    this.tellNews({ kind: "presence", active: tabs.some((tab) => tab.isActive) });
    this.tellNews({ kind: "watch", accounts });
  }

  private tellNews(frame: ClientFrame): void {
    const text = JSON.stringify(frame);
    if (this.said[frame.kind] === text) return;
    this.said = { ...this.said, [frame.kind]: text };
    this.say(frame);
  }
}
