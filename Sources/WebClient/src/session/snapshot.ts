// What React renders: one immutable value, replaced at every change.

import type { OutboxItem } from "../model/outbox";
import { emptyStore } from "../model/store";
import type { Store } from "../model/store";
import type { Me } from "../protocol/http-types";
import { initialSession } from "./state";
import type { SessionState } from "./state";

/** loading → signIn → profile (name and username are missing) → ready. */
export type Stage = "loading" | "signIn" | "profile" | "ready";

export interface Snapshot {
  readonly stage: Stage;
  readonly me: Me | null;
  readonly session: SessionState;
  readonly store: Store;
  /** Chats of which a page of history is on its way. */
  readonly loading: Readonly<Record<string, boolean>>;
  /** A sentence that some action of the person ended with, until it is read. */
  readonly notice: string | null;
  /** Whether the first page could not be loaded and is being tried again. */
  readonly isUnreachable: boolean;
}

export const firstSnapshot: Snapshot = {
  stage: "loading",
  me: null,
  session: initialSession,
  store: emptyStore,
  loading: {},
  notice: null,
  isUnreachable: false,
};

/** What waits to be sent and is not in its thread yet. */
export function waitingOf({
  outbox,
  arrived,
}: Pick<SessionState, "outbox" | "arrived">): readonly OutboxItem[] {
  return arrived.length === 0 ? outbox : outbox.filter((item) => !arrived.includes(item.cmid));
}
