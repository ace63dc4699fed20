import { useEffect, useState } from "react";
import type { Chat } from "../../model/chat";
import type { Member } from "../../protocol/http-types";
import { useClient, useSnapshot } from "../../session/context";
import { Avatar } from "../../ui/avatar";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icon";
import { IconButton } from "../../ui/icon-button";
import { DeleteChat } from "./delete-chat";
import { MemberRow } from "./member-row";
import { RenameChat } from "./rename-chat";
import "./chat-info.css";

interface ChatInfoProps {
  readonly chat: Chat;
  readonly onClose: () => void;
  readonly onInvite: () => void;
}

/** The right column: who is in a chat, and what its creator may change. */
export function ChatInfo({ chat, onClose, onInvite }: ChatInfoProps) {
  const client = useClient();
  const { store, me } = useSnapshot();
  const [members, setMembers] = useState<readonly Member[]>([]);
  const [dialog, setDialog] = useState<"rename" | "delete" | null>(null);

  // The list of members lives at the cluster; it is asked again whenever their number changes.
  useEffect(() => {
    let isCurrent = true;
    client.api.chat(chat.id).then(
      (details) => {
        if (!isCurrent) return;
        setMembers(details.memberList);
        client.needPeople(details.memberList.map((member) => member.account));
      },
      (error: unknown) => client.tell(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [client, chat.id, chat.members]);

  const isMine = chat.creator !== null && chat.creator === me?.id;
  const isOpenToAll = chat.kind === "public" && chat.creator === null;
  return (
    <aside className="chat-info" aria-label="Chat info">
      <header className="chat-info__head">
        <IconButton icon="close" label="Close the info" onPress={onClose} />
        <h2 className="chat-info__heading">Info</h2>
      </header>
      <div className="chat-info__body">
        <div className="chat-info__card">
          <Avatar id={chat.id} name={chat.name} size="large" />
          <h3 className="chat-info__name">{chat.name}</h3>
          <p className="chat-info__status">{chat.fullName}</p>
          <p className="chat-info__status">{kindOf(chat)}</p>
        </div>
        <div className="chat-info__actions">
          {!isOpenToAll && (
            <Button onPress={onInvite}>
              <Icon name="addPerson" />
              Invite people
            </Button>
          )}
          {isMine && (
            <>
              <Button onPress={() => setDialog("rename")}>
                <Icon name="pencil" />
                Rename
              </Button>
              <Button look="danger" onPress={() => setDialog("delete")}>
                <Icon name="trash" />
                Delete this chat
              </Button>
            </>
          )}
        </div>
        {members.length > 0 && <h3 className="chat-info__section">Members</h3>}
        <ul>
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
      {dialog === "rename" && <RenameChat chat={chat} onClose={() => setDialog(null)} />}
      {dialog === "delete" && <DeleteChat chat={chat} onClose={() => setDialog(null)} />}
    </aside>
  );
}

function kindOf(chat: Chat): string {
  const members = chat.members === 1 ? "1 member" : `${chat.members} members`;
  if (chat.kind === "private") return `Private chat, ${members}`;
  return chat.creator === null ? "Public room, open to everybody" : `Public room, ${members}`;
}
