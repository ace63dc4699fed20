import { useEffect } from "react";
import type { ChatId } from "../../protocol/ids";
import { useClient } from "../../session/context";

/** Has the client keep a chat whole while its thread is looked at. */
export function useWatch(chat: ChatId): void {
  const client = useClient();
  // The client cannot see what is on the page.
  useEffect(() => {
    client.watch(chat);
    return () => client.watch(null);
  }, [client, chat]);
}
