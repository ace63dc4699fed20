// The commands and queries of the HTTP side, each a method.

import { Fields } from "../protocol/fields";
import {
  readAccounts,
  readChat,
  readChatDetails,
  readChatList,
  readDraftList,
  readFoundPage,
  readHistoryPage,
  readMe,
  readPerson,
  readSessionInfo,
  readSettingsList,
  readStarList,
} from "../protocol/http-types";
import type {
  ChatDetails,
  ChatKind,
  ChatList,
  ChatSummary,
  CloudDraft,
  FoundPage,
  HistoryPage,
  Me,
  Person,
  Role,
  SessionInfo,
  SettingsList,
  StarList,
} from "../protocol/http-types";
import { dashed } from "../model/uuid";
import type { MessagePlace, Permission, WhoMayKnow } from "../protocol/frames";
import type { Wish } from "../model/settings";
import type { AccountId, ChatId, SessionId } from "../protocol/ids";
import type { Http } from "./http";

/** Entries that one page of history may have. */
export const pageEntriesMax = 60;
const peopleMax = 100;

export interface ChatChange {
  readonly name?: string;
  readonly fullName?: string;
  readonly about?: string;
}

export class Api {
  /** `http` is also for what asks from a part of the page that is loaded later. */
  constructor(readonly http: Http) {}

  async requestCode(phone: string): Promise<void> {
    await this.http.change("POST", "/api/sign-in/code", { phone });
  }

  async signIn(phone: string, code: string): Promise<Me> {
    return this.comeIn("/api/sign-in", { phone, code });
  }

  private async comeIn(path: string, who: Readonly<Record<string, string>>): Promise<Me> {
    const value = await this.http.change("POST", path, { ...who, device: deviceName(), session: "cookie" });
    this.http.forgetToken();
    return readMe(Fields.of(value).child("account").object);
  }

  async signUp(username: string, name: string, password: string): Promise<Me> {
    return this.comeIn("/api/sign-up", { username, name, password });
  }

  async signInWithPassword(username: string, password: string): Promise<Me> {
    return this.comeIn("/api/sign-in/password", { username, password });
  }

  /** Without `old` where there is none yet, or where a code has opened this session just now. */
  async setPassword(password: string, old: string): Promise<void> {
    await this.http.change("PUT", "/api/me/password", old === "" ? { password } : { password, old });
  }

  async setPhone(phone: string, code: string, password: string): Promise<Me> {
    return readMe(await this.http.change("PUT", "/api/me/phone", { phone, code, password }));
  }

  async signOut(everywhere: boolean): Promise<void> {
    await this.http.change("POST", everywhere ? "/api/sign-out/everywhere" : "/api/sign-out");
    this.http.forgetToken();
  }

  async me(): Promise<Me> {
    return readMe(await this.http.get("/api/me"));
  }

  /** The same, asked once: whoever waits for it decides when to ask again. */
  async meNow(): Promise<Me> {
    return readMe(await this.http.getOnce("/api/me"));
  }

  async saveMe(name: string, username: string): Promise<Me> {
    return readMe(await this.http.change("PUT", "/api/me", { name, username }));
  }

  async savePrivacy(lastSeen: WhoMayKnow): Promise<Me> {
    return readMe(await this.http.change("PUT", "/api/me/privacy", { lastSeen }));
  }

  async sessions(): Promise<readonly SessionInfo[]> {
    return Fields.of(await this.http.get("/api/sessions")).list("sessions", readSessionInfo);
  }

  async revoke(session: SessionId): Promise<void> {
    await this.http.change("DELETE", `/api/sessions/${session}`);
  }

  async people(ids: readonly AccountId[]): Promise<readonly Person[]> {
    const people: Person[] = [];
    for (let start = 0; start < ids.length; start += peopleMax) {
      const some = ids.slice(start, start + peopleMax).join(",");
      const value = await this.http.get(`/api/people?ids=${some}`);
      people.push(...Fields.of(value).list("people", readPerson));
    }
    return people;
  }

  async chats(): Promise<ChatList> {
    return readChatList(await this.http.get("/api/chats"));
  }

  async chat(id: ChatId): Promise<ChatDetails> {
    return readChatDetails(await this.http.get(`/api/chats/${id}`));
  }

  async createChat(kind: ChatKind, name: string, fullName: string): Promise<ChatSummary> {
    return readChat(await this.http.change("POST", "/api/chats", { kind, name, fullName }));
  }

  /** Opens the direct chat with somebody, who is found as somebody to invite is. */
  async openChat(who: string): Promise<ChatSummary> {
    return readChat(await this.http.change("POST", "/api/chats", { kind: "direct", ...bodyOf(who) }));
  }

  async openChatWith(account: AccountId): Promise<ChatSummary> {
    return readChat(await this.http.change("POST", "/api/chats", { kind: "direct", account }));
  }

  /** Other names, what it is about, or both. */
  async changeChat(id: ChatId, change: ChatChange): Promise<ChatSummary> {
    return readChat(await this.http.change("PATCH", `/api/chats/${id}`, change));
  }

  async deleteChat(id: ChatId): Promise<void> {
    await this.http.change("DELETE", `/api/chats/${id}`);
  }

  /**
   * Invites by phone number when `who` begins with a plus, else by username. Null: nobody has the number, and it was
   * sent a message.
   */
  async invite(id: ChatId, who: string): Promise<Person | null> {
    const f = Fields.of(await this.http.change("POST", `/api/chats/${id}/members`, bodyOf(who)));
    return f.has("person") ? readPerson(f.child("person").object) : null;
  }

  /** Removes a member; oneself to leave. */
  async removeMember(id: ChatId, account: AccountId): Promise<void> {
    await this.http.change("DELETE", `/api/chats/${id}/members/${account}`);
  }

  /** Makes a member an admin or an admin a member; with `owner` the chat is passed on. */
  async setRole(id: ChatId, account: AccountId, role: Role): Promise<void> {
    await this.http.change("PUT", `/api/chats/${id}/members/${account}`, { role });
  }

  /** Keeps somebody out, or lets them come again. */
  async ban(id: ChatId, account: AccountId, isOn: boolean): Promise<void> {
    await this.http.change(isOn ? "PUT" : "DELETE", `/api/chats/${id}/bans/${account}`);
  }

  /** Who is kept out. */
  async banned(id: ChatId): Promise<readonly AccountId[]> {
    return readAccounts(await this.http.get(`/api/chats/${id}/bans`), "banned");
  }

  /** Says what plain members may. */
  async setPermissions(id: ChatId, permissions: readonly Permission[]): Promise<void> {
    await this.http.change("PUT", `/api/chats/${id}/permissions`, { permissions });
  }

  /** Every star of the account. */
  async stars(): Promise<StarList> {
    return readStarList(await this.http.get("/api/stars"));
  }

  async star({ chat, seq }: MessagePlace, isOn: boolean): Promise<void> {
    await this.http.change(isOn ? "PUT" : "DELETE", `/api/chats/${chat}/stars/${seq}`);
  }

  async pin({ chat, seq }: MessagePlace, isOn: boolean): Promise<void> {
    await this.http.change(isOn ? "PUT" : "DELETE", `/api/chats/${chat}/pins/${seq}`);
  }

  /** What the account keeps about its chats. */
  async settings(): Promise<SettingsList> {
    return readSettingsList(await this.http.get("/api/settings"));
  }

  /** Answers what is kept about the chat then. */
  async setChat(chat: ChatId, { cmid, change }: Wish): Promise<SettingsList> {
    return readSettingsList(await this.http.change("PUT", `/api/chats/${chat}/settings`, change, dashed(cmid)));
  }

  /** What the account began to write, in one chat or in all. */
  async drafts(chat: ChatId | null): Promise<readonly CloudDraft[]> {
    return readDraftList(await this.http.get(`/api/drafts${chat === null ? "" : `?chat=${chat}`}`));
  }

  async saveDraft(chat: ChatId, text: string, replyTo: number): Promise<void> {
    await this.http.change("PUT", `/api/chats/${chat}/draft`, replyTo === 0 ? { text } : { text, replyTo });
  }

  async history(id: ChatId, before: number, limit = pageEntriesMax): Promise<HistoryPage> {
    const query = `before=${before}&limit=${limit}`;
    return readHistoryPage(await this.http.get(`/api/chats/${id}/entries?${query}`));
  }

  /** Messages in one chat, or in all without one; `cursor` is the end of the page before. */
  async search(chat: ChatId | null, words: string, cursor: string | null): Promise<FoundPage> {
    const query = new URLSearchParams({ q: words, zone: String(-new Date().getTimezoneOffset()) });
    if (cursor !== null) query.set("cursor", cursor);
    const path = chat === null ? "/api/search" : `/api/chats/${chat}/search`;
    return readFoundPage(await this.http.get(`${path}?${query.toString()}`));
  }
}

/** Somebody by what a person typed. */
function bodyOf(who: string) {
  const plain = who.trim();
  if (plain.startsWith("+")) return { phone: `+${plain.replace(/\D/g, "")}` };
  return { username: plain.toLowerCase().replace(/^@/, "") };
}

/** What the list of sessions calls this browser. */
function deviceName(): string {
  const agent = navigator.userAgent;
  const browser = ["Firefox", "Edg", "Chrome", "Safari"].find((name) => agent.includes(name));
  const system = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"].find((name) =>
    agent.includes(name),
  );
  return `${browser === "Edg" ? "Edge" : browser ?? "Browser"} on ${system ?? "unknown system"}`;
}
