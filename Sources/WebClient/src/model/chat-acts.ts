// What somebody may do to a chat from its menus.

import type { Chat } from "./chat";
import type { AccountId, ChatId } from "../protocol/ids";

export type ChatAct = "invite" | "rename" | "delete" | "mute";

/** An act that was chosen and has not been done: a dialog asks for the rest. */
export interface ChosenAct {
  readonly act: ChatAct;
  readonly chat: ChatId;
}

/** The rooms of the cluster itself, in which everybody is. */
export function isOpenToAll(chat: Chat): boolean {
  return chat.kind === "public" && chat.creator === null;
}

export function actsOf(chat: Chat, me: AccountId | null): readonly ChatAct[] {
  // Nobody owns the rooms of the cluster, nor a direct chat.
  if (chat.creator === null) return [];
  return chat.creator === me ? ["invite", "rename", "delete"] : ["invite"];
}
