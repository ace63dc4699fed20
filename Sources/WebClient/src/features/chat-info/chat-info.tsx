import { useState } from "react";
import type { Chat } from "../../model/chat";
import { actsOf, isOpenToAll } from "../../model/chat-acts";
import type { ChosenAct } from "../../model/chat-acts";
import { may, mayAdminister } from "../../model/roles";
import { titleOf } from "../../model/words";
import type { ChatId } from "../../protocol/ids";
import { useSnapshot } from "../../session/context";
import { ActionRow } from "../../ui/action-row";
import { Avatar } from "../../ui/avatar";
import { Icon } from "../../ui/icon";
import { IconButton } from "../../ui/icon-button";
import { BannedPage } from "./banned-page";
import { LinksPage } from "./links-page";
import { MemberList } from "./member-list";
import { MemberQuestion } from "./member-question";
import { PermissionsPage } from "./permissions-page";
import { text } from "../../text/text";
import "./chat-info.css";

interface ChatInfoProps {
  readonly chat: Chat;
  readonly onClose: () => void;
  readonly onOpen: (chat: ChatId) => void;
  readonly onAct: (chosen: ChosenAct) => void;
}

/** The right column: what a chat is, who is in it, and what I may change. */
export function ChatInfo({ chat, onClose, onOpen, onAct }: ChatInfoProps) {
  const { me } = useSnapshot();
  const [chosen, setPage] = useState<"permissions" | "banned" | "links" | null>(null);
  const [isLeaving, setLeaving] = useState(false);
  const administers = chat.kind !== "direct" && mayAdminister(chat.role);
  const invites = chat.creator !== null && may(chat, "invite");
  // Who is no admin any more, or may not invite, has no business there.
  const page = (chosen === "links" ? invites : administers) ? chosen : null;
  const acts = actsOf(chat);
  const act = (name: ChosenAct["act"]) => () => onAct({ act: name, chat: chat.id });
  if (page !== null) {
    return (
      <aside className="chat-info" aria-label={text("info.label")}>
        <header className="chat-info__head" data-focus="info">
          <IconButton icon="back" label={text("info.back")} onPress={() => setPage(null)} />
          <h2 className="chat-info__heading">{text(`info.${page}`)}</h2>
        </header>
        <div className="chat-info__body">
          {page === "permissions" && <PermissionsPage chat={chat} />}
          {page === "banned" && <BannedPage chat={chat} />}
          {page === "links" && <LinksPage chat={chat} />}
        </div>
      </aside>
    );
  }
  return (
    <aside className="chat-info" aria-label={text("info.label")}>
      <header className="chat-info__head" data-focus="info">
        <IconButton icon="close" label={text("info.close")} onPress={onClose} />
        <h2 className="chat-info__heading">{text("info.title")}</h2>
        {acts.includes("rename") && (
          <IconButton icon="pencil" label={text("info.rename")} onPress={act("rename")} />
        )}
      </header>
      <div className="chat-info__body">
        <div className="chat-info__card">
          <Avatar id={chat.id} name={titleOf(chat)} size="large" />
          <h3 className="chat-info__name" dir="auto">
            {titleOf(chat)}
          </h3>
          <p className="chat-info__status">{kindOf(chat)}</p>
        </div>
        <dl className="chat-info__facts">
          {chat.about !== "" && fact(chat.about, text("info.about"))}
          {chat.fullName !== "" &&
            fact(chat.fullName, text(chat.peer === null ? "newChat.fullName" : "profile.username"))}
        </dl>
        <ul className="chat-info__actions">
          {acts.includes("invite") && (
            <li>
              <ActionRow icon="addPerson" label={text("chat.invite")} onPress={act("invite")} />
            </li>
          )}
          {invites && (
            <li>
              <ActionRow icon="link" label={text("info.links")} onPress={() => setPage("links")} />
            </li>
          )}
          {administers && (
            <>
              <li>
                <ActionRow icon="gear" label={text("info.permissions")} onPress={() => setPage("permissions")} />
              </li>
              <li>
                <ActionRow icon="people" label={text("info.banned")} onPress={() => setPage("banned")} />
              </li>
            </>
          )}
          {me !== null && chat.creator !== null && chat.role !== "visitor" && (
            <li>
              <ActionRow icon="leave" label={text("info.leave")} isDanger onPress={() => setLeaving(true)} />
            </li>
          )}
          {acts.includes("delete") && (
            <li>
              <ActionRow icon="trash" label={text("info.delete")} isDanger onPress={act("delete")} />
            </li>
          )}
        </ul>
        <MemberList chat={chat} onOpen={onOpen} />
      </div>
      {isLeaving && me !== null && (
        <MemberQuestion chat={chat} asked={{ act: "leave", account: me.id }} onClose={() => setLeaving(false)} />
      )}
    </aside>
  );
}

function fact(value: string, label: string) {
  return (
    <div className="chat-info__fact">
      <Icon name="info" />
      <dd className="chat-info__value" dir="auto">
        {value}
      </dd>
      <dt className="chat-info__label">{label}</dt>
    </div>
  );
}

function kindOf(chat: Chat): string {
  if (chat.kind === "direct") return text("info.direct");
  const members = text("chat.members", { n: chat.members });
  if (chat.kind === "private") return text("info.private", { members });
  return isOpenToAll(chat) ? text("info.publicOpen") : text("info.public", { members });
}
