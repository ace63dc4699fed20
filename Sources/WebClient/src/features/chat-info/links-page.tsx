import { useEffect, useState } from "react";
import type { Chat } from "../../model/chat";
import { newestUse } from "../../model/invite-links";
import type { InviteLink } from "../../protocol/link-types";
import { useClient } from "../../session/context";
import { linksOf } from "../../session/link-api";
import { ActionRow } from "../../ui/action-row";
import { LinkRow } from "./link-row";
import { NewLink } from "./new-link";
import { RevokeQuestion } from "./revoke-question";
import { text } from "../../text/text";

interface LinksPageProps {
  readonly chat: Chat;
}

/** The invite links of a chat: all of them for who looks after it, else one's own. */
export function LinksPage({ chat }: LinksPageProps) {
  const client = useClient();
  const [links, setLinks] = useState<readonly InviteLink[] | null>(null);
  const [isMaking, setMaking] = useState(false);
  const [asked, setAsked] = useState<InviteLink | null>(null);
  const [change, setChange] = useState(0);
  const told = newestUse(chat.entries);

  // The list lives at the cluster; it is asked again when the log says that a link was used, and after each change here.
  useEffect(() => {
    let isCurrent = true;
    linksOf(client.api.http, chat.id).then(
      (known) => {
        if (!isCurrent) return;
        setLinks(known);
        client.needPeople(known.map(({ maker }) => maker));
      },
      (error: unknown) => client.complain(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [client, chat.id, told, change]);

  const changed = () => setChange((count) => count + 1);
  return (
    <>
      <p className="chat-info__note">{text("links.note")}</p>
      <div className="chat-info__actions">
        <ActionRow icon="link" label={text("links.new")} onPress={() => setMaking(true)} />
      </div>
      {links !== null && links.length === 0 && <p className="chat-info__note">{text("links.none")}</p>}
      <ul className="chat-info__members">
        {[...(links ?? [])].reverse().map((link) => (
          <LinkRow key={link.id} chat={chat.id} link={link} onRevoke={() => setAsked(link)} />
        ))}
      </ul>
      {isMaking && (
        <NewLink
          chat={chat.id}
          onClose={() => setMaking(false)}
          onMade={(link) => {
            setLinks([...(links ?? []), link]);
            changed();
          }}
        />
      )}
      {asked !== null && (
        <RevokeQuestion
          chat={chat.id}
          link={asked}
          onClose={() => setAsked(null)}
          onRevoked={() => {
            setLinks((links ?? []).filter(({ id }) => id !== asked.id));
            changed();
          }}
        />
      )}
    </>
  );
}
