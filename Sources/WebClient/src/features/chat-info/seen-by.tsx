import { useEffect } from "react";
import { entryAt } from "../../model/chat";
import { readersOf } from "../../model/readers";
import type { ChatId } from "../../protocol/ids";
import { useClient, useSnapshot } from "../../session/context";
import { text } from "../../text/text";
import { Dialog } from "../../ui/dialog";
import { MemberRow } from "./member-row";

interface SeenByProps {
  readonly chat: ChatId;
  readonly seq: number;
  readonly onClose: () => void;
}

/** Who has read a message of a group. Whoever reads it now is added. */
export function SeenBy({ chat, seq, onClose }: SeenByProps) {
  const client = useClient();
  const { store, me } = useSnapshot();
  const known = store.chats[chat];
  const entry = known === undefined ? null : entryAt(known, seq);
  const readers = known === undefined || entry === null ? [] : readersOf(known, entry.n, entry.from);
  const all = readers.join();

  // The names of those who are new in the list.
  useEffect(() => client.needPeople(readers), [client, all]);

  return (
    <Dialog title={text("thread.seenBy", { n: readers.length })} onClose={onClose}>
      <ul className="chat-info__members">
        {readers.map((account) => (
          <MemberRow
            key={account}
            account={account}
            person={store.people[account] ?? null}
            role="member"
            isMe={account === me?.id}
            onWrite={null}
            items={[]}
          />
        ))}
      </ul>
    </Dialog>
  );
}
