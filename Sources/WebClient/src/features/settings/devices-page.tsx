import { useEffect, useState } from "react";
import type { SessionInfo } from "../../protocol/http-types";
import { fullTime } from "../../model/time";
import { useClient } from "../../session/context";
import { Button } from "../../ui/button";
import "./devices-page.css";
import { text } from "../../text/text";

/** The sessions of this account, each of which can be ended from here. */
export function DevicesPage() {
  const client = useClient();
  const [sessions, setSessions] = useState<readonly SessionInfo[]>([]);

  // The list of sessions lives at the cluster.
  useEffect(() => {
    client.api.sessions().then(setSessions, (error: unknown) => client.complain(error));
  }, [client]);

  async function end(session: SessionInfo) {
    try {
      await client.api.revoke(session.id);
      setSessions(sessions.filter((other) => other.id !== session.id));
    } catch (error) {
      client.complain(error);
    }
  }

  return (
    <div className="devices-page">
      <ul>
        {sessions.map((session) => (
          <li className="devices-page__session" key={session.id} data-testid="device">
            <span className="devices-page__device">
              {session.device === "" ? text("devices.unknown") : session.device}
              <span className="devices-page__detail">
                {session.current ? text("devices.this") : text("devices.since", { time: fullTime(session.created) })}
              </span>
            </span>
            {!session.current && (
              <Button isSmall look="danger" onPress={() => void end(session)}>
                {text("devices.end")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Button
        look="danger"
        isWide
        onPress={() => void client.signOut(true).catch((error: unknown) => client.complain(error))}
      >
        {text("devices.endAll")}
      </Button>
    </div>
  );
}
