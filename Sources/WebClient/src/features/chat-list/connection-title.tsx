import type { Phase } from "../../session/state";
import { Button } from "../../ui/button";
import { Spinner } from "../../ui/spinner";
import "./connection-title.css";

interface ConnectionTitleProps {
  readonly phase: Phase;
  readonly attempt: number;
  /** Messages wait although the connection is there. */
  readonly isStruggling: boolean;
  /** The node that the page is on. */
  readonly node: string;
  /** The person does not want to wait for the next attempt. */
  readonly onHurry: () => void;
}

/** The name of the app, or in its place what is the matter with the connection. */
export function ConnectionTitle({ phase, attempt, isStruggling, node, onHurry }: ConnectionTitleProps) {
  const isCalm = phase === "live" && !isStruggling;
  return (
    <div
      className="connection-title"
      data-testid="connection"
      data-phase={phase}
      data-node={node}
    >
      <h1 className="connection-title__text" role="status">
        {isCalm ? "Chaticket" : stateOf(phase, attempt)}
      </h1>
      {phase === "waiting" ? (
        <Button isSmall onPress={onHurry}>
          Try now
        </Button>
      ) : (
        !isCalm && <Spinner label="Connecting" />
      )}
    </div>
  );
}

function stateOf(phase: Phase, attempt: number): string {
  switch (phase) {
    case "offline":
      return "Waiting for network…";
    case "catchingUp":
      return "Updating…";
    case "waiting":
      return "Reconnecting…";
    case "connecting":
    case "greeting":
      return attempt > 0 ? "Reconnecting…" : "Connecting…";
    case "live":
      return "Waiting for the cluster…";
    case "idle":
    case "signedOut":
      return "Chaticket";
  }
}
