import type { Phase } from "../../session/state";
import { classes } from "../../ui/classes";
import { Spinner } from "../../ui/spinner";
import { useSecondsUntil } from "../../ui/use-seconds-until";
import { text } from "../../text/text";
import "./connection-title.css";

interface ConnectionTitleProps {
  readonly phase: Phase;
  /** No node could be asked yet who is here. */
  readonly isUnreachable: boolean;
  readonly attempt: number;
  /** When the next attempt is, while the phase is waiting; milliseconds since 1970. */
  readonly retryAt: number;
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
  const { phase, isUnreachable, attempt, retryAt, isStruggling, node, isQuiet, onHurry } = props;
  const secondsLeft = useSecondsUntil(phase === "waiting" ? retryAt : 0);
  const isCounting = secondsLeft > 0 && !isQuiet;
  const isCalm = (phase === "live" && !isStruggling) || phase === "signedOut";
  return (
    <div className="connection-title" data-testid="connection" data-phase={phase} data-node={node}>
      {!isCalm && <Spinner />}
      {/* Seconds are counted for eyes alone: read aloud, each would interrupt. */}
      <span className={classes("connection-title__text", isCounting && "connection-title__text--said")} role="status">
        {!isCalm && !isQuiet && stateOf(isUnreachable ? "offline" : phase, attempt)}
      </span>
      {isCounting && (
        <span className="connection-title__text" aria-hidden="true">
          {text("connection.in", { n: secondsLeft })}
        </span>
      )}
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
