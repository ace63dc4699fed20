// What somebody may do to a chat from its menus.

import type { Chat } from "./chat";
import type { ChatId } from "../protocol/ids";
import { may } from "./roles";

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

/** What I may do to a chat, in the order of its menus. */
export function actsOf(chat: Chat): readonly ChatAct[] {
  // Nobody owns the rooms of the cluster, nor a direct chat.
  if (chat.creator === null) return [];
  const acts: ChatAct[] = [];
  if (may(chat, "invite")) acts.push("invite");
  if (may(chat, "info")) acts.push("rename");
  if (chat.role === "owner") acts.push("delete");
  return acts;
}
