import { useEffect, useSyncExternalStore } from "react";
import type { Presence } from "../protocol/frames";
import type { AccountId, ChatId } from "../protocol/ids";
import { boardOf } from "./board";
import type { Board } from "./board";
import { useClient, useSnapshot } from "./context";

const nobody: readonly AccountId[] = [];

export function useBoard(): Board {
  return boardOf(useClient());
}

/** Who types in a chat, those who have for longer first. */
export function useTypists(chat: ChatId): readonly AccountId[] {
  const board = useBoard();
  const typists = useSyncExternalStore(board.subscribe, () => board.current().typing[chat]);
  return typists === undefined ? nobody : typists.map((one) => one.account);
}

/** Whether those are there, as far as is known; nothing while this page has no connection. */
export function usePresences(accounts: readonly AccountId[]): Readonly<Record<string, Presence>> {
  const board = useBoard();
  const { session } = useSnapshot();
  const key = accounts.join();
  // The cluster tells of those alone who are on a screen.
  useEffect(() => board.watch(key === "" ? nobody : accounts), [board, key]);
  const people = useSyncExternalStore(board.subscribe, () => board.current().people);
  return session.phase === "live" ? people : {};
}

/** Whether somebody is there; null while that is not known. */
export function usePresence(account: AccountId | null): Presence | null {
  const people = usePresences(account === null ? nobody : [account]);
  return account === null ? null : people[account] ?? null;
}
