import { useState } from "react";
import { text } from "../../text/text";
import { ActionRow } from "../../ui/action-row";
import { alertPermission, askForAlerts } from "../../ui/permission";
import { choose, usePreferences } from "../../ui/preferences";
import { SwitchRow } from "../../ui/switch-row";
import "./alerts-page.css";

/** What one is told of new messages, and how; kept by this browser. */
export function AlertsPage() {
  const { hasAlerts, hasSound, hasPreview } = usePreferences();
  const [, setAsked] = useState(false);
  return (
    <>
      <SwitchRow label={text("alerts.label")} isOn={hasAlerts} onChange={(isOn) => choose({ hasAlerts: isOn })} />
      {hasAlerts && (
        <>
          <SwitchRow label={text("alerts.sound")} isOn={hasSound} onChange={(isOn) => choose({ hasSound: isOn })} />
          <SwitchRow label={text("alerts.preview")} isOn={hasPreview} onChange={(isOn) => choose({ hasPreview: isOn })} />
          {alertPermission() === "default" && (
            <ActionRow
              icon="bell"
              label={text("alerts.allowAway")}
              onPress={() => void askForAlerts().then(() => setAsked(true))}
            />
          )}
          {alertPermission() === "denied" && <p className="alerts-page__note">{text("alerts.forbidden")}</p>}
        </>
      )}
    </>
  );
}
