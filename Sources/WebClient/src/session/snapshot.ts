// What React renders: one immutable value, replaced at every change.

import type { OutboxItem } from "../model/outbox";
import { emptyStore } from "../model/store";
import type { Store } from "../model/store";
import type { TextEntry } from "../protocol/frames";
import type { ChatId } from "../protocol/ids";
import type { SessionView, View } from "./messages";
import { initialSession } from "./state";
import type { SessionState } from "./state";

export interface Snapshot extends View {
  readonly store: Store;
  /** A sentence that some action of the person ended with, until it is read. */
  readonly notice: string | null;
  /** Messages that were written in this very tab, each in the thread that was shown. */
  readonly sentHere: number;
  /** The message that somebody asked to see last; each time another value. */
  readonly shown: { readonly chat: ChatId; readonly seq: number } | null;
  /** The messages that somebody is about to forward or to delete, or asks the readers of. */
  readonly asked:
    | { readonly kind: "forward"; readonly chat: ChatId; readonly entries: readonly TextEntry[] }
    | { readonly kind: "delete"; readonly chat: ChatId; readonly seqs: readonly number[] }
    | { readonly kind: "readers"; readonly chat: ChatId; readonly seq: number }
    | null;
}

export const firstView: View = {
  stage: "loading",
  me: null,
  session: viewOf(initialSession),
  loading: {},
  refused: {},
  retryAt: 0,
  isUnreachable: false,
  isKept: true,
};

export const firstSnapshot: Snapshot = {
  ...firstView, store: emptyStore, notice: null, sentHere: 0, shown: null, asked: null,
};

export function viewOf(state: SessionState): SessionView {
  const { phase, node, attempt, bearer, outbox, arrived, held, struggling } = state;
  return { phase, node, attempt, bearer, outbox, arrived, held, struggling };
}

/** Whether two states of the session look the same to a page. */
export function looksSame(a: SessionView, b: SessionView): boolean {
  return (
    a.phase === b.phase && a.node === b.node && a.attempt === b.attempt && a.bearer === b.bearer &&
    a.outbox === b.outbox && a.arrived === b.arrived && a.held === b.held &&
    a.struggling === b.struggling
  );
}

/** What waits to be sent and is not in its thread yet. */
export function waitingOf({
  outbox,
  arrived,
}: Pick<SessionView, "outbox" | "arrived">): readonly OutboxItem[] {
  return arrived.length === 0 ? outbox : outbox.filter((item) => !arrived.includes(item.cmid));
}
