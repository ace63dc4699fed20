// Which chats are muted.

import { useMemo } from "react";
import { mutesOf } from "../model/mutes";
import type { Mutes } from "../model/mutes";
import { useSnapshot } from "./context";

/** Every chat that is muted; the same value until one changes. */
export function useMutes(): Mutes {
  const { settings, wishes } = useSnapshot().store;
  return useMemo(() => mutesOf({ settings, wishes }), [settings, wishes]);
}
