import { useEffect, useState } from "react";
import type { Chat } from "../../model/chat";
import { actsOf, isOpenToAll } from "../../model/chat-acts";
import type { ChosenAct } from "../../model/chat-acts";
import type { Member } from "../../protocol/http-types";
import { useClient, useSnapshot } from "../../session/context";
import { ActionRow } from "../../ui/action-row";
import { Avatar } from "../../ui/avatar";
import { Icon } from "../../ui/icon";
import { IconButton } from "../../ui/icon-button";
import { MemberRow } from "./member-row";
import { text } from "../../text/text";
import "./chat-info.css";

interface ChatInfoProps {
  readonly chat: Chat;
  readonly onClose: () => void;
  readonly onAct: (chosen: ChosenAct) => void;
}

/** The right column: who is in a chat, and what its creator may change. */
export function ChatInfo({ chat, onClose, onAct }: ChatInfoProps) {
  const client = useClient();
  const { store, me } = useSnapshot();
  const [members, setMembers] = useState<readonly Member[]>([]);

  // The list of members lives at the cluster; it is asked again whenever their number changes.
  useEffect(() => {
    let isCurrent = true;
    client.api.chat(chat.id).then(
      (details) => {
        if (!isCurrent) return;
        setMembers(details.memberList);
        client.needPeople(details.memberList.map((member) => member.account));
      },
      (error: unknown) => client.complain(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [client, chat.id, chat.members]);

  const acts = actsOf(chat, me?.id ?? null);
  const act = (name: ChosenAct["act"]) => () => onAct({ act: name, chat: chat.id });
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
          <Avatar id={chat.id} name={chat.name} size="large" />
          <h3 className="chat-info__name" dir="auto">
            {chat.name}
          </h3>
          <p className="chat-info__status">{kindOf(chat)}</p>
        </div>
        <dl className="chat-info__facts">
          <div className="chat-info__fact">
            <Icon name="info" />
            <dd className="chat-info__value" dir="auto">
              {chat.fullName}
            </dd>
            <dt className="chat-info__label">{text("newChat.fullName")}</dt>
          </div>
        </dl>
        {acts.length > 0 && (
          <ul className="chat-info__actions">
            <li>
              <ActionRow icon="addPerson" label={text("chat.invite")} onPress={act("invite")} />
            </li>
            {acts.includes("delete") && (
              <li>
                <ActionRow icon="trash" label={text("info.delete")} isDanger onPress={act("delete")} />
              </li>
            )}
          </ul>
        )}
        {members.length > 0 && <h3 className="chat-info__section">{text("info.members")}</h3>}
        <ul className="chat-info__members">
          {members.map(({ account, role }) => (
            <MemberRow
              key={account}
              account={account}
              person={store.people[account] ?? null}
              isCreator={role === "creator"}
              isMe={account === me?.id}
            />
          ))}
        </ul>
      </div>
    </aside>
  );
}

function kindOf(chat: Chat): string {
  const members = text("chat.members", { n: chat.members });
  if (chat.kind === "private") return text("info.private", { members });
  return isOpenToAll(chat) ? text("info.publicOpen") : text("info.public", { members });
}
