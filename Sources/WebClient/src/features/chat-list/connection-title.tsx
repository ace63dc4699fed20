import type { Phase } from "../../session/state";
import { Spinner } from "../../ui/spinner";
import { text } from "../../text/text";
import "./connection-title.css";

interface ConnectionTitleProps {
  readonly phase: Phase;
  readonly attempt: number;
  /** Messages wait although the connection is there. */
  readonly isStruggling: boolean;
  /** The node that the page is on. */
  readonly node: string;
  /** Somebody searches: the words make room, the sign of it stays. */
  readonly isQuiet: boolean;
  /** The person does not want to wait for the next attempt. */
  readonly onHurry: () => void;
}

/** What is the matter with the connection, in the place of the search field's hint; nothing when all is well. */
export function ConnectionTitle(props: ConnectionTitleProps) {
  const { phase, attempt, isStruggling, node, isQuiet, onHurry } = props;
  const isCalm = (phase === "live" && !isStruggling) || phase === "signedOut";
  return (
    <div className="connection-title" data-testid="connection" data-phase={phase} data-node={node}>
      {!isCalm && <Spinner />}
      <span className="connection-title__text" role="status">
        {!isCalm && !isQuiet && stateOf(phase, attempt)}
      </span>
      {phase === "waiting" && !isQuiet && (
        <button type="button" className="connection-title__now" onClick={onHurry}>
          {text("connection.now")}
        </button>
      )}
    </div>
  );
}

function stateOf(phase: Phase, attempt: number): string {
  switch (phase) {
    case "offline":
      return text("connection.offline");
    case "catchingUp":
      return text("connection.updating");
    case "waiting":
      return text("connection.reconnecting");
    case "idle":
    case "connecting":
    case "greeting":
      return text(attempt > 0 ? "connection.reconnecting" : "connection.connecting");
    case "live":
      return text("connection.cluster");
    case "signedOut":
      return "";
  }
}
