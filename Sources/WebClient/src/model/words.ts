// Entries in words: service lines of a thread and previews in the list.

import type { Chat, People } from "./chat";
import { plain } from "./formatting";
import type { Entry } from "../protocol/frames";
import type { AccountId } from "../protocol/ids";
import { text } from "../text/text";

export function nameOf(people: People, account: AccountId | null): string {
  if (account === null) return text("app.name");
  return people[account]?.name ?? "…";
}

/** The title in lists and headers: what one writes to oneself is no chat with somebody. */
export function titleOf({ name, peer, members }: Pick<Chat, "name" | "peer" | "members">): string {
  return peer !== null && members === 1 ? text("chats.saved") : name;
}

/** One sentence about an entry that is no message. */
export function serviceText(entry: Entry, people: People, me: AccountId | null): string {
  const who = entry.from === me && me !== null ? text("entry.you") : nameOf(people, entry.from);
  switch (entry.kind) {
    case "created":
      return text("entry.created", { who, name: entry.name });
    case "opened":
      return text("entry.opened", { who });
    case "renamed":
      return text("entry.renamed", { who, name: entry.name });
    case "memberAdded": {
      if (entry.account === entry.from) return text(entry.link === undefined ? "entry.joined" : "entry.joinedByLink", { who });
      return text("entry.invited", { who, whom: whomOf(entry, people, me) });
    }
    case "memberRemoved": {
      if (entry.account === entry.from) return text("entry.left", { who });
      return text("entry.removed", { who, whom: whomOf(entry, people, me) });
    }
    case "roleChanged":
      return text(entry.role === "admin" ? "entry.promoted" : "entry.dismissed", { who, whom: whomOf(entry, people, me) });
    case "ownerChanged":
      return text("entry.passed", { who, whom: whomOf(entry, people, me) });
    case "memberBanned":
      return text("entry.banned", { who, whom: whomOf(entry, people, me) });
    case "memberUnbanned":
      return text("entry.unbanned", { who, whom: whomOf(entry, people, me) });
    case "described":
      return text("entry.described", { who });
    case "permissionsChanged":
      return text("entry.permissions", { who });
    case "deleted":
      return text("entry.deleted", { who });
    case "pinned":
      return text("entry.pinned", { who });
    case "unknown":
      return text("entry.unknown");
    case "text":
      return entry.text;
    case "erased":
      return text("entry.erased");
    case "edited":
    case "messageDeleted":
    case "reacted":
    case "unpinned":
    case "chatAdded":
    case "chatRemoved":
    case "profileChanged":
    case "sessionOpened":
    case "sessionRevoked":
    case "starred":
    case "unstarred":
    case "chatSettings":
    case "draft":
    case "privacyChanged":
      return "";
  }
}

function whomOf({ account }: { readonly account: AccountId }, people: People, me: AccountId | null): string {
  return account === me ? text("entry.youObject") : nameOf(people, account);
}

/** Characters of a message that stand in one line about it; more are not in sight anyway. */
const lineCharactersMax = 200;

/** A message without its marks, in one line. */
export function plainLine(message: string): string {
  return plain(message).replace(/\s+/g, " ");
}

/** What an entry says, in one line. */
export function lineOf(entry: Entry, people: People, me: AccountId | null): string {
  if (entry.kind !== "text") return serviceText(entry, people, me);
  const units = plainLine(entry.text).slice(0, 4 * lineCharactersMax);
  return [...units].slice(0, lineCharactersMax).join("");
}

/** The one line under a chat's name. `sender` is set where a name goes before the text. */
export function previewOf(
  entry: Entry,
  people: People,
  me: AccountId | null,
): { readonly sender: string | null; readonly text: string } {
  if (entry.kind !== "text") return { sender: null, text: serviceText(entry, people, me) };
  const sender = entry.from === me && me !== null ? text("entry.you") : nameOf(people, entry.from);
  return { sender, text: plainLine(entry.text) };
}
