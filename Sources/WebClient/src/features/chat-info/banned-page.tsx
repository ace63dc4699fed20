import { useEffect, useState } from "react";
import type { Chat } from "../../model/chat";
import { newestBan } from "../../model/roles";
import { nameOf } from "../../model/words";
import type { AccountId } from "../../protocol/ids";
import { useClient, useSnapshot } from "../../session/context";
import { Avatar } from "../../ui/avatar";
import { Button } from "../../ui/button";
import { text } from "../../text/text";
import "./banned-page.css";

interface BannedPageProps {
  readonly chat: Chat;
}

/** Who is banned from a chat, each with a way back. */
export function BannedPage({ chat }: BannedPageProps) {
  const client = useClient();
  const { store } = useSnapshot();
  const [banned, setBanned] = useState<readonly AccountId[] | null>(null);
  const told = newestBan(chat);

  // The list lives at the cluster; it is asked again whenever the log says that it changed.
  useEffect(() => {
    let isCurrent = true;
    client.api.banned(chat.id).then(
      (accounts) => {
        if (!isCurrent) return;
        setBanned(accounts);
        client.needPeople(accounts);
      },
      (error: unknown) => client.complain(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [client, chat.id, told]);

  async function unban(account: AccountId) {
    try {
      await client.api.ban(chat.id, account, false);
    } catch (error) {
      client.complain(error);
    }
  }

  if (banned === null) return null;
  if (banned.length === 0) return <p className="chat-info__note">{text("info.bannedNone")}</p>;
  return (
    <ul className="chat-info__members">
      {banned.map((account) => (
        <li key={account} className="banned-page__row" data-testid="banned">
          <Avatar id={account} name={nameOf(store.people, account)} size="medium" />
          <span className="banned-page__name" dir="auto">
            {nameOf(store.people, account)}
          </span>
          <Button isSmall onPress={() => void unban(account)}>
            {text("info.unban")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
