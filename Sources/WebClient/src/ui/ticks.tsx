import { classes } from "./classes";
import { text } from "../text/text";
import "./ticks.css";

export type Delivery = "sending" | "sent" | "read" | "failed";

interface TicksProps {
  readonly delivery: Delivery;
}

const labels = {
  sending: "delivery.sending",
  sent: "delivery.sent",
  read: "delivery.read",
  failed: "delivery.failed",
} as const;

/** How far a message of mine got: a clock, one tick, two ticks, or an exclamation mark. */
export function Ticks({ delivery }: TicksProps) {
  return (
    <svg
      className={classes("ticks", delivery === "failed" && "ticks--failed")}
      viewBox="0 0 19 19"
      role="img"
      aria-label={text(labels[delivery])}
    >
      {delivery === "sending" && (
        <>
          <circle cx="9.5" cy="9.5" r="6" />
          <path className="ticks__hand" d="M9.500 5.500v4l2.500 1.500" />
        </>
      )}
      {delivery === "sent" && <path d="M4 10l3.500 3.500L15 6" />}
      {delivery === "read" && <path d="M1.500 10L5 13.500 12 6M8.500 12l1.500 1.500L17.500 6" />}
      {delivery === "failed" && (
        <>
          <circle cx="9.5" cy="9.5" r="7" />
          <path d="M9.500 5.500v5M9.500 13v.01" />
        </>
      )}
    </svg>
  );
}
