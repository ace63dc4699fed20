// Entries in words: service lines of a thread and previews in the list.

import type { People } from "./chat";
import { nameOf } from "./store";
import type { Entry } from "../protocol/frames";
import type { AccountId } from "../protocol/ids";

/** One sentence about an entry that is no message. */
export function serviceText(entry: Entry, people: People, me: AccountId | null): string {
  const who = entry.from === me && me !== null ? "You" : nameOf(people, entry.from);
  switch (entry.kind) {
    case "created":
      return `${who} created “${entry.name}”`;
    case "renamed":
      return `${who} renamed this chat to “${entry.name}”`;
    case "memberAdded": {
      if (entry.account === entry.from) return `${who} joined`;
      const whom = entry.account === me ? "you" : nameOf(people, entry.account);
      return `${who} invited ${whom}`;
    }
    case "memberRemoved": {
      if (entry.account === entry.from) return `${who} left`;
      const whom = entry.account === me ? "you" : nameOf(people, entry.account);
      return `${who} removed ${whom}`;
    }
    case "deleted":
      return `${who} deleted this chat`;
    case "unknown":
      return "Update to view this message";
    case "text":
      return entry.text;
    case "chatAdded":
    case "chatRemoved":
    case "profileChanged":
    case "sessionOpened":
    case "sessionRevoked":
      return "";
  }
}

/** The one line under a chat's name. `sender` is set where a name goes before the text. */
export function previewOf(
  entry: Entry,
  people: People,
  me: AccountId | null,
): { readonly sender: string | null; readonly text: string } {
  if (entry.kind !== "text") return { sender: null, text: serviceText(entry, people, me) };
  const sender = entry.from === me && me !== null ? "You" : nameOf(people, entry.from);
  return { sender, text: entry.text.replace(/\s+/g, " ") };
}
