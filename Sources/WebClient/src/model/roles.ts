// Who may do what in a chat, and what the log says of that. The cluster decides; this is what is offered.

import type { Entry, Permission } from "../protocol/frames";
import type { Role } from "../protocol/http-types";
import type { AccountId } from "../protocol/ids";
import type { Chat } from "./chat";

/** Whether somebody who is `role` may do what a switch is for. */
export function may({ role, permissions }: Pick<Chat, "role" | "permissions">, permission: Permission): boolean {
  if (role === "owner" || role === "admin") return true;
  const isForAll = role === "member" || permission === "send" || permission === "media";
  return isForAll && permissions.includes(permission);
}

/** Whether somebody who is `mine` may end the membership of somebody who is `other`. */
export function mayRemove(mine: Role, other: Role): boolean {
  return (mine === "owner" && other !== "owner") || (mine === "admin" && (other === "member" || other === "visitor"));
}

/** Whether somebody who is `role` turns the switches and lifts bans. */
export function mayAdminister(role: Role): boolean {
  return role === "owner" || role === "admin";
}

/** The chat after an entry that says who is what, or what it is about. */
export function withRole(chat: Chat, entry: Entry, me: AccountId | null): Chat {
  switch (entry.kind) {
    case "roleChanged":
      return entry.account === me ? { ...chat, role: entry.role } : chat;
    case "ownerChanged":
      if (entry.account === me) return { ...chat, role: "owner" };
      return chat.role === "owner" ? { ...chat, role: "admin" } : chat;
    case "memberBanned":
      return entry.wasMember ? { ...chat, members: Math.max(0, chat.members - 1) } : chat;
    case "described":
      return { ...chat, about: entry.about };
    case "permissionsChanged":
      return { ...chat, permissions: entry.permissions };
    default:
      return chat;
  }
}

/** The number of the newest entry that says who is what; 0 for none. Linear in the entries. */
export function newestRole({ entries }: Pick<Chat, "entries">): number {
  return newestOf(entries, ["roleChanged", "ownerChanged"]);
}

/** The number of the newest entry that says who is kept out; 0 for none. Linear in the entries. */
export function newestBan({ entries }: Pick<Chat, "entries">): number {
  return newestOf(entries, ["memberBanned", "memberUnbanned"]);
}

function newestOf(entries: readonly Entry[], kinds: readonly Entry["kind"][]): number {
  const told = entries.filter(({ kind }) => kinds.includes(kind));
  return told[told.length - 1]?.seq ?? 0;
}
