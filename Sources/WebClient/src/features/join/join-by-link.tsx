import { useCallback, useEffect, useState } from "react";
import type { JoinAddress } from "../../model/invite-links";
import type { ChatId } from "../../protocol/ids";
import { ApiError } from "../../protocol/http-types";
import type { Invitation } from "../../protocol/link-types";
import { useClient } from "../../session/context";
import { invitationOf, joinBy } from "../../session/link-api";
import { wordsFor } from "../../session/words";
import { Avatar } from "../../ui/avatar";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Spinner } from "../../ui/spinner";
import { text } from "../../text/text";
import "./join-by-link.css";

interface JoinByLinkProps {
  readonly address: JoinAddress;
  readonly onClose: () => void;
  readonly onJoined: (chat: ChatId) => void;
}

/** What an invite link leads to, before one joins. */
export function JoinByLink({ address, onClose, onJoined }: JoinByLinkProps) {
  const client = useClient();
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);
  const [isBusy, setBusy] = useState(false);

  const look = useCallback(() => {
    let isCurrent = true;
    setError(null);
    invitationOf(client.api.http, address).then(
      (shown) => isCurrent && setInvitation(shown),
      (problem: unknown) => {
        if (!isCurrent) return;
        setOver(problem instanceof ApiError && !problem.retryable);
        setError(wordsFor(problem));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [client, address]);

  // What the link shows is at the cluster.
  useEffect(look, [look]);

  async function join() {
    setBusy(true);
    setError(null);
    try {
      const chat = await joinBy(client.api.http, address);
      client.adopt(chat);
      onJoined(chat.id);
    } catch (problem) {
      setError(wordsFor(problem));
      setBusy(false);
    }
  }

  return (
    <Dialog title={text("join.title")} onClose={onClose}>
      <div className="join-by-link" data-testid="invitation">
        {invitation === null && error === null && <Spinner label={text("app.loading")} />}
        {invitation !== null && (
          <>
            <Avatar id={invitation.chat} name={invitation.name} size="large" />
            <h3 className="join-by-link__name" dir="auto">
              {invitation.name}
            </h3>
            {invitation.fullName !== "" && <p dir="auto">{invitation.fullName}</p>}
            <p className="join-by-link__status">{kindOf(invitation)}</p>
          </>
        )}
        {error !== null && <p role="alert">{error}</p>}
        {invitation?.isMember === true && <p role="status">{text("join.member")}</p>}
      </div>
      {invitation === null && error !== null && !isOver && (
        <Button isWide onPress={() => void look()}>
          {text("join.again")}
        </Button>
      )}
      {invitation !== null &&
        (invitation.isMember ? (
          <Button look="primary" isWide onPress={() => onJoined(invitation.chat)}>
            {text("newChat.open")}
          </Button>
        ) : (
          <Button look="primary" isWide isBusy={isBusy} onPress={() => void join()}>
            {text(isBusy ? "button.wait" : "join.join")}
          </Button>
        ))}
      <Button isWide onPress={onClose}>
        {text("button.cancel")}
      </Button>
    </Dialog>
  );
}

function kindOf({ kind, members }: Invitation): string {
  return text(kind === "public" ? "info.public" : "info.private", { members: text("chat.members", { n: members }) });
}
