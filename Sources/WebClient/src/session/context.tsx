import { createContext, useContext, useEffect, useMemo, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import type { Chat } from "../model/chat";
import { isAway, orderedChats } from "../model/store";
import type { Entry } from "../protocol/frames";
import type { ChatId } from "../protocol/ids";
import type { Client } from "./client";
import { useDrafts } from "./drafts";
import type { Snapshot } from "./snapshot";

const ClientContext = createContext<Client | null>(null);

interface ClientProviderProps {
  readonly client: Client;
  readonly children: ReactNode;
}

/** Gives the client to every component below. */
export function ClientProvider({ client, children }: ClientProviderProps) {
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>;
}

/** What a component calls to do something. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === null) throw new Error("There is no ClientProvider above this component.");
  return client;
}

/** What a component renders; it renders again at every change. */
export function useSnapshot(): Snapshot {
  const client = useClient();
  return useSyncExternalStore(client.subscribe, client.getSnapshot);
}

/** Asks the cluster for the message `seq`, which is shown outside of its place, while `entry`, what is here, is null. */
export function useQuoted(chat: ChatId | null, seq: number, entry: Entry | null): void {
  const client = useClient();
  const isMissing = entry === null;
  const isLive = useSnapshot().session.phase === "live";
  // What is not here is the cluster's to tell; it is asked again when the session is live anew.
  useEffect(() => {
    if (isMissing && chat !== null) client.needQuoted(chat, seq);
  }, [client, chat, seq, isMissing, isLive]);
}

/**
 * The chats in the order of the list. A draft lifts its chat only when one has left it: what one looks at
 * stays where it is while one writes.
 */
export function useOrderedChats(open: ChatId | null): readonly Chat[] {
  const { store } = useSnapshot();
  const drafts = useDrafts();
  return useMemo(() => {
    const drafted: Record<string, number> = {};
    for (const [chat, { ts }] of Object.entries(drafts)) if (chat !== open) drafted[chat] = ts;
    return orderedChats(store, drafted);
  }, [store, drafts, open]);
}

/** The chats of the list and those of the archive, each in their order. */
export function useListedChats(open: ChatId | null) {
  const { store } = useSnapshot();
  const chats = useOrderedChats(open);
  return useMemo(() => {
    const archived = chats.filter((chat) => isAway(store, chat));
    return { listed: chats.filter((chat) => !archived.includes(chat)), archived };
  }, [store, chats]);
}
