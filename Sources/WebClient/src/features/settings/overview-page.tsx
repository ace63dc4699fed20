import { useEffect, useState } from "react";
import type { Me } from "../../protocol/http-types";
import { useClient } from "../../session/context";
import { language, number, offeredLanguages, text } from "../../text/text";
import { ActionRow } from "../../ui/action-row";
import { Avatar } from "../../ui/avatar";
import type { SettingsPage } from "./pages";
import "./overview-page.css";

interface OverviewPageProps {
  readonly me: Me;
  readonly isKept: boolean;
  readonly onPage: (page: SettingsPage) => void;
}

/** Who I am, and the way to every page of the settings. */
export function OverviewPage({ me, isKept, onPage }: OverviewPageProps) {
  const client = useClient();
  const [devices, setDevices] = useState<number | null>(null);
  const languageName = offeredLanguages().find(({ code }) => code === language())?.name ?? "";

  // The list of sessions lives at the cluster. Without it the row only lacks its number.
  useEffect(() => {
    let isCurrent = true;
    client.api.sessions().then(
      (sessions) => isCurrent && setDevices(sessions.length),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [client]);

  return (
    <div className="overview-page">
      {!isKept && <p className="overview-page__warning">{text("settings.notKept")}</p>}
      <div className="overview-page__card">
        <Avatar id={me.id} name={me.name} size="large" />
        <h2 className="overview-page__name" dir="auto">
          {me.name}
        </h2>
        {me.phone !== "" && (
          <p className="overview-page__detail" dir="ltr">
            {me.phone}
          </p>
        )}
        {me.username !== null && (
          <p className="overview-page__detail" dir="ltr">
            @{me.username}
          </p>
        )}
      </div>
      <ul className="overview-page__rows">
        <li>
          <ActionRow icon="person" label={text("settings.profile")} page="profile" onPress={() => onPage("profile")} />
        </li>
        <li>
          <ActionRow icon="lock" label={text("settings.access")} page="access" onPress={() => onPage("access")} />
        </li>
        <li>
          <ActionRow icon="picture" label={text("settings.look")} page="look" onPress={() => onPage("look")} />
        </li>
        <li>
          <ActionRow icon="bell" label={text("alerts.label")} page="alerts" onPress={() => onPage("alerts")} />
        </li>
        <li>
          <ActionRow icon="clock" label={text("settings.privacy")} page="privacy" onPress={() => onPage("privacy")} />
        </li>
        <li>
          <ActionRow
            icon="devices"
            label={text("settings.devices")}
            value={devices === null ? "" : number(devices)}
            page="devices"
            onPress={() => onPage("devices")}
          />
        </li>
        <li>
          <ActionRow
            icon="language"
            label={text("settings.language")}
            value={languageName}
            page="language"
            onPress={() => onPage("language")}
          />
        </li>
        <li>
          <ActionRow icon="keyboard" label={text("settings.keys")} page="keys" onPress={() => onPage("keys")} />
        </li>
      </ul>
    </div>
  );
}
