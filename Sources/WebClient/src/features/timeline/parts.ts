// What of a thread is loaded later: a first look rarely needs it. Which chunk it is in is for the page to say.

import { createContext } from "react";
import type { Chunk } from "../../ui/chunk";
import type { PinnedMessage } from "./kinds/pinned-message";
import type { ReactionChips } from "./reaction-chips";

export interface Parts {
  readonly PinnedMessage: typeof PinnedMessage;
  readonly ReactionChips: typeof ReactionChips;
}

export const PartsContext = createContext<Chunk<Parts>>({
  current: () => null,
  need: () => undefined,
  subscribe: () => () => undefined,
});
