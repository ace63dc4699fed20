import { createContext, useContext, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import type { Client } from "./client";
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
