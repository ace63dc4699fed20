import { useMemo, useSyncExternalStore } from "react";
import { JoinByLink } from "../features/join/join-by-link";
import { joinAddressOf } from "../model/invite-links";
import type { ChatId } from "../protocol/ids";
import { useClient } from "../session/context";
import { replaceBy, subscribeRoute } from "./routes";

/** The dialog of the invite link that the page's address is; nothing at any other address. */
export function JoinAddress() {
  const client = useClient();
  const hash = useSyncExternalStore(subscribeRoute, () => location.hash);
  const address = useMemo(() => joinAddressOf(hash), [hash]);
  if (address === null) return null;

  // The link is gone from the history then: Back does not lead to it again.
  function open(chat: ChatId) {
    client.opened(chat);
    replaceBy(chat);
  }

  return <JoinByLink key={hash} address={address} onClose={() => replaceBy(null)} onJoined={open} />;
}
