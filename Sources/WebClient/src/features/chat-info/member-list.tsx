import { useEffect, useState } from "react";
import type { Chat } from "../../model/chat";
import { mayRemove, newestRole } from "../../model/roles";
import type { Member, Role } from "../../protocol/http-types";
import type { AccountId, ChatId } from "../../protocol/ids";
import { useClient, useSnapshot } from "../../session/context";
import type { MenuItem } from "../../ui/menu-panel";
import { text } from "../../text/text";
import { MemberQuestion } from "./member-question";
import type { AskedMember } from "./member-question";
import { MemberRow } from "./member-row";

interface MemberListProps {
  readonly chat: Chat;
  readonly onOpen: (chat: ChatId) => void;
}

/** Who is in a chat, what each of them is, and what I may do with them. */
export function MemberList({ chat, onOpen }: MemberListProps) {
  const client = useClient();
  const { store, me } = useSnapshot();
  const [members, setMembers] = useState<readonly Member[]>([]);
  const [asked, setAsked] = useState<AskedMember | null>(null);
  const told = newestRole(chat);

  // The list of members lives at the cluster; it is asked again whenever their number or a role changes.
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
  }, [client, chat.id, chat.members, told]);

  async function write(account: AccountId) {
    try {
      const direct = await client.api.openChatWith(account);
      client.adopt(direct);
      onOpen(direct.id);
    } catch (error) {
      client.complain(error);
    }
  }

  async function setRole(account: AccountId, role: Role) {
    try {
      await client.api.setRole(chat.id, account, role);
    } catch (error) {
      client.complain(error);
    }
  }

  function itemsOf({ account, role }: Member): readonly MenuItem[] {
    if (account === me?.id || chat.kind === "direct") return [];
    const items: MenuItem[] = [];
    const ask = (act: AskedMember["act"]) => () => setAsked({ act, account });
    if (chat.role === "owner") {
      const next = role === "admin" ? "member" : "admin";
      const label = text(role === "admin" ? "info.dismiss" : "info.promote");
      items.push({ icon: "star", text: label, onPress: () => void setRole(account, next) });
      items.push({ icon: "forward", text: text("info.pass"), onPress: ask("pass") });
    }
    if (mayRemove(chat.role, role)) {
      items.push({ icon: "leave", text: text("info.remove"), isDanger: true, onPress: ask("remove") });
      items.push({ icon: "close", text: text("info.ban"), isDanger: true, onPress: ask("ban") });
    }
    return items;
  }

  return (
    <>
      {members.length > 0 && <h3 className="chat-info__section">{text("info.members")}</h3>}
      <ul className="chat-info__members">
        {members.map((member) => (
          <MemberRow
            key={member.account}
            account={member.account}
            person={store.people[member.account] ?? null}
            role={member.role}
            isMe={member.account === me?.id}
            onWrite={member.account === me?.id || member.account === chat.peer ? null : () => void write(member.account)}
            items={itemsOf(member)}
          />
        ))}
      </ul>
      {asked !== null && <MemberQuestion chat={chat} asked={asked} onClose={() => setAsked(null)} />}
    </>
  );
}
