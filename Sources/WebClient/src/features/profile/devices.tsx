import { useEffect, useState } from "react";
import type { SessionInfo } from "../../protocol/http-types";
import { fullTime } from "../../model/time";
import { useClient } from "../../session/context";
import { Button } from "../../ui/button";

/** The sessions of this account, each of which can be ended from here. */
export function Devices() {
  const client = useClient();
  const [sessions, setSessions] = useState<readonly SessionInfo[]>([]);

  // The list of sessions lives at the cluster.
  useEffect(() => {
    client.api.sessions().then(setSessions, (error: unknown) => client.tell(error));
  }, [client]);

  async function end(session: SessionInfo) {
    try {
      await client.api.revoke(session.id);
      setSessions(sessions.filter((other) => other.id !== session.id));
    } catch (error) {
      client.tell(error);
    }
  }

  return (
    <>
      <h3 className="profile__section">Devices</h3>
      <ul>
        {sessions.map((session) => (
          <li className="profile__session" key={session.id} data-testid="device">
            <span className="profile__device">
              {session.device === "" ? "Unknown device" : session.device}
              <span className="profile__detail">
                {session.current ? "This device" : `since ${fullTime(session.created)}`}
              </span>
            </span>
            {!session.current && (
              <Button isSmall look="danger" onPress={() => void end(session)}>
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Button
        look="danger"
        isWide
        onPress={() => void client.signOut(true).catch((error: unknown) => client.tell(error))}
      >
        Sign out everywhere
      </Button>
    </>
  );
}
