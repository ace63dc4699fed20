import { useSnapshot } from "../../session/context";
import { text } from "../../text/text";
import { Button } from "../../ui/button";
import { alertPermission, askForAlerts } from "../../ui/permission";
import { choose, usePreferences } from "../../ui/preferences";
import "./alert-hint.css";

/** Asks once, after the first message, whether the browser may tell of new ones; the settings can ask later. */
export function AlertHint() {
  const { sentHere } = useSnapshot();
  const { hasAsked } = usePreferences();
  if (hasAsked || sentHere === 0 || alertPermission() !== "default") return null;
  const done = () => choose({ hasAsked: true });
  return (
    <aside className="alert-hint" aria-label={text("alerts.label")}>
      <p>{text("alerts.hint")}</p>
      <Button isSmall onPress={() => void askForAlerts().then(done)}>
        {text("alerts.allow")}
      </Button>
      <Button isSmall onPress={done}>
        {text("alerts.notNow")}
      </Button>
    </aside>
  );
}
