// What the HTTP side has about invite links; apart from the rest, because only what is loaded later asks.

import { Fields } from "../protocol/fields";
import { readChat } from "../protocol/http-types";
import type { ChatSummary } from "../protocol/http-types";
import { readInvitation, readLink } from "../protocol/link-types";
import type { Invitation, InviteLink } from "../protocol/link-types";
import type { JoinAddress } from "../model/invite-links";
import type { ChatId } from "../protocol/ids";
import type { Http } from "./http";

/** What a new link is to be like; what is missing has no limit. */
export interface LinkTerms {
  readonly name: string;
  readonly expires?: number;
  readonly uses?: number;
}

/** The links that I may revoke. */
export async function linksOf(http: Http, chat: ChatId): Promise<readonly InviteLink[]> {
  return Fields.of(await http.get(`/api/chats/${chat}/links`)).list("links", readLink);
}

export async function makeLink(http: Http, chat: ChatId, terms: LinkTerms): Promise<InviteLink> {
  return readLink(await http.change("POST", `/api/chats/${chat}/links`, terms));
}

export async function revokeLink(http: Http, chat: ChatId, link: string): Promise<void> {
  await http.change("DELETE", `/api/chats/${chat}/links/${link}`);
}

/** What a link shows of its chat. */
export async function invitationOf(http: Http, { chat, secret }: JoinAddress): Promise<Invitation> {
  return readInvitation(await http.change("POST", `/api/chats/${chat}/invitation`, { secret }));
}

export async function joinBy(http: Http, { chat, secret }: JoinAddress): Promise<ChatSummary> {
  return readChat(await http.change("POST", `/api/chats/${chat}/join`, { secret }));
}
