// The stars of the account: all of them once, and then what the inbox says.

import type { Star } from "../model/stars";
import type { StoreChange } from "../model/store";
import type { Entry } from "../protocol/frames";
import type { StarList } from "../protocol/http-types";

interface StarSource {
  readonly stars: () => Promise<StarList>;
}

export class StarKeeper {
  private areHere = false;
  /** What the inbox has said since all were asked for, by its entries; null while nobody asks. */
  private meanwhile: { readonly seq: number; readonly star: Star }[] | null = null;

  constructor(
    private readonly source: StarSource,
    private readonly store: (change: StoreChange) => void,
  ) {}

  /** Asks for all, unless they are here or on their way. */
  need(): void {
    if (!this.areHere && this.meanwhile === null) void this.fetch();
  }

  /** What the inbox said was missed: all are asked for anew. */
  lose(): void {
    this.areHere = false;
    void this.fetch();
  }

  /** Another account comes. */
  forget(): void {
    this.areHere = false;
    this.meanwhile = null;
  }

  /** An entry of the inbox came. */
  told(entry: Entry): void {
    if (entry.kind !== "starred" && entry.kind !== "unstarred") return;
    const { seq, chat, target, kind } = entry;
    const star = { chat, seq: target, place: kind === "starred" ? seq : 0 };
    this.meanwhile?.push({ seq, star });
    this.store({ kind: "star", star });
  }

  private async fetch(): Promise<void> {
    const meanwhile: { readonly seq: number; readonly star: Star }[] = [];
    this.meanwhile = meanwhile;
    try {
      const { stars, inbox } = await this.source.stars();
      if (this.meanwhile !== meanwhile) return;
      this.areHere = true;
      this.store({ kind: "stars", stars });
      for (const { seq, star } of meanwhile) if (seq > inbox.seq) this.store({ kind: "star", star });
    } catch {
      // They are asked for again when the session is live anew.
    }
    if (this.meanwhile === meanwhile) this.meanwhile = null;
  }
}
