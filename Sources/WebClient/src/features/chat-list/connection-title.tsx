import type { Phase } from "../../session/state";
import { Spinner } from "../../ui/spinner";
import "./connection-title.css";

interface ConnectionTitleProps {
  readonly phase: Phase;
  readonly attempt: number;
}

/** The name of the app, or in its place what is the matter with the connection. */
export function ConnectionTitle({ phase, attempt }: ConnectionTitleProps) {
  const isLive = phase === "live";
  return (
    <h1 className="connection-title" role="status" data-testid="connection" data-phase={phase}>
      {isLive ? "Chaticket" : stateOf(phase, attempt)}
      {!isLive && <Spinner label="Connecting" />}
    </h1>
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
    case "idle":
    case "live":
    case "signedOut":
      return "Chaticket";
  }
}
