import { fullTime } from "../../model/time";
import type { Origin } from "../../protocol/frames";
import { text } from "../../text/text";
import "./forwarded-line.css";

interface ForwardedLineProps {
  /** Who wrote the message first; null while only the cluster knows. */
  readonly origin: Origin | null;
}

/** Whose words a forwarded message has, at its head. */
export function ForwardedLine({ origin }: ForwardedLineProps) {
  const name = origin?.name ?? "";
  return (
    <span
      className="forwarded-line"
      dir="auto"
      title={origin === null ? undefined : fullTime(origin.ts)}
      data-testid="forwarded"
    >
      {name === "" ? text("thread.forwarded") : text("thread.forwardedFrom", { name })}
    </span>
  );
}
