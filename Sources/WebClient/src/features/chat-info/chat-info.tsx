import { useEffect, useState } from "react";
import type { Chat } from "../../model/chat";
import { actsOf, isOpenToAll } from "../../model/chat-acts";
import type { ChosenAct } from "../../model/chat-acts";
import { titleOf } from "../../model/words";
import type { Member } from "../../protocol/http-types";
import type { AccountId, ChatId } from "../../protocol/ids";
import { useClient, useSnapshot } from "../../session/context";
import { ActionRow } from "../../ui/action-row";
import { Avatar } from "../../ui/avatar";
import { Icon } from "../../ui/icon";
import { IconButton } from "../../ui/icon-button";
import { EndMembership } from "./end-membership";
import { MemberRow } from "./member-row";
import { text } from "../../text/text";
import "./chat-info.css";

interface ChatInfoProps {
  readonly chat: Chat;
  readonly onClose: () => void;
  readonly onOpen: (chat: ChatId) => void;
  readonly onAct: (chosen: ChosenAct) => void;
}

/** The right column: who is in a chat, and what its creator may change. */
export function ChatInfo({ chat, onClose, onOpen, onAct }: ChatInfoProps) {
  const client = useClient();
  const { store, me } = useSnapshot();
  const [members, setMembers] = useState<readonly Member[]>([]);
  const [ending, setEnding] = useState<AccountId | null>(null);

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

  async function write(account: AccountId) {
    try {
      const direct = await client.api.openChatWith(account);
      client.adopt(direct);
      onOpen(direct.id);
    } catch (error) {
      client.complain(error);
    }
  }

  const isMine = me !== null && chat.creator === me.id;
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
          <Avatar id={chat.id} name={titleOf(chat)} size="large" />
          <h3 className="chat-info__name" dir="auto">
            {titleOf(chat)}
          </h3>
          <p className="chat-info__status">{kindOf(chat)}</p>
        </div>
        {chat.fullName !== "" && (
          <dl className="chat-info__facts">
            <div className="chat-info__fact">
              <Icon name="info" />
              <dd className="chat-info__value" dir="auto">
                {chat.fullName}
              </dd>
              <dt className="chat-info__label">{text(chat.peer === null ? "newChat.fullName" : "profile.username")}</dt>
            </div>
          </dl>
        )}
        {acts.length > 0 && (
          <ul className="chat-info__actions">
            <li>
              <ActionRow icon="addPerson" label={text("chat.invite")} onPress={act("invite")} />
            </li>
            {me !== null && !isMine && chat.role === "member" && (
              <li>
                <ActionRow icon="leave" label={text("info.leave")} isDanger onPress={() => setEnding(me.id)} />
              </li>
            )}
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
              onWrite={account === me?.id || account === chat.peer ? null : () => void write(account)}
              onRemove={isMine && account !== me?.id ? () => setEnding(account) : null}
            />
          ))}
        </ul>
      </div>
      {ending !== null && me !== null && (
        <EndMembership chat={chat} account={ending} isMe={ending === me.id} onClose={() => setEnding(null)} />
      )}
    </aside>
  );
}

function kindOf(chat: Chat): string {
  if (chat.kind === "direct") return text("info.direct");
  const members = text("chat.members", { n: chat.members });
  if (chat.kind === "private") return text("info.private", { members });
  return isOpenToAll(chat) ? text("info.publicOpen") : text("info.public", { members });
}
