// What of a row is loaded later. Which chunk it is in is for the page to say.

import { createContext } from "react";
import type { ReactElement, ReactNode } from "react";
import type { Chat } from "../../model/chat";
import type { AccountId } from "../../protocol/ids";
import type { Chunk } from "../../ui/chunk";

export interface RowParts {
  /** Who types, or else what is said otherwise. */
  readonly RowTyping: (props: { readonly chat: Chat; readonly otherwise: ReactNode }) => ReactElement;
  /** A dot at the avatar of somebody who is there. */
  readonly OnlineDot: (props: { readonly account: AccountId | null; readonly isActive: boolean }) => ReactElement | null;
}

export const RowPartsContext = createContext<Chunk<RowParts>>({
  current: () => null,
  need: () => undefined,
  subscribe: () => () => undefined,
});
