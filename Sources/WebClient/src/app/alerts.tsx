import { useState } from "react";
import type { Alert } from "../model/alerts";
import type { ChatId } from "../protocol/ids";
import { text } from "../text/text";
import { Later } from "../ui/later";
import { extras } from "./chunks";
import { useAlerts } from "./use-alerts";
import "./alerts.css";

interface AlertsProps {
  readonly openChat: ChatId | null;
  readonly onOpen: (chat: ChatId) => void;
}

/** More at once would cover the page. */
const shownMax = 3;

/** The newest messages of other chats, at the edge of the page, for a moment. */
export function Alerts({ openChat, onOpen }: AlertsProps) {
  const alerts = useAlerts(openChat, onOpen);
  const [gone, setGone] = useState<Readonly<Record<string, number>>>({});
  const shown = alerts.filter(({ chat, entry }) => entry.n > (gone[chat] ?? 0)).slice(-shownMax);
  const dismiss = ({ chat, entry }: Alert) => setGone((before) => ({ ...before, [chat]: entry.n }));
  return (
    <section className="alerts" aria-label={text("alerts.label")} aria-live="polite">
      {shown.map((alert) => (
        <Later key={alert.chat} from={extras}>
          {({ AlertCard }) => (
            <AlertCard alert={alert} onOpen={() => onOpen(alert.chat)} onDismiss={() => dismiss(alert)} />
          )}
        </Later>
      ))}
    </section>
  );
}
