import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import type { Me } from "../../protocol/http-types";
import { text } from "../../text/text";
import { classes } from "../../ui/classes";
import { IconButton } from "../../ui/icon-button";
import { KeyList } from "../../ui/key-list";
import { Menu } from "../../ui/menu";
import { AccessPage } from "./access-page";
import { AlertsPage } from "./alerts-page";
import { DevicesPage } from "./devices-page";
import { LanguagePage } from "./language-page";
import { LookPage } from "./look-page";
import { OverviewPage } from "./overview-page";
import type { SettingsPage } from "./pages";
import { PrivacyPage } from "./privacy-page";
import { ProfilePage } from "./profile-page";
import "./settings.css";

interface SettingsProps {
  readonly me: Me;
  readonly page: SettingsPage;
  /** Whether the browser keeps what was loaded. */
  readonly isKept: boolean;
  readonly onPage: (page: SettingsPage) => void;
  readonly onBack: () => void;
  readonly onSignOut: () => void;
}

const titles = {
  overview: "settings.title",
  profile: "settings.profile",
  access: "settings.access",
  look: "settings.look",
  alerts: "alerts.label",
  privacy: "settings.privacy",
  devices: "settings.devices",
  language: "settings.language",
  keys: "settings.keys",
} as const;

/** The settings in the left column: a list of pages, one of them at a time. */
export function Settings(props: SettingsProps) {
  const { me, page, isKept, onPage, onBack, onSignOut } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef<SettingsPage | null>(null);
  const isBack = before.current !== null && before.current !== "overview" && page === "overview";
  // A page that slid in takes the focus, so that the keyboard and a screen reader are on it.
  useEffect(() => {
    if (before.current === null || page !== "overview") heading.current?.focus({ preventScroll: true });
    before.current = page;
  }, [page]);
  return (
    <section
      className={classes("settings", isBack && "settings--back")}
      aria-label={text("settings.title")}
      key={page}
    >
      <header className="settings__head">
        <IconButton icon="back" label={text("settings.back")} onPress={onBack} />
        <h1 className="settings__title" tabIndex={-1} ref={heading}>
          {text(titles[page])}
        </h1>
        {page === "overview" && (
          <Menu
            icon="more"
            label={text("button.more")}
            side="end"
            items={[{ icon: "leave", text: text("chats.signOut"), isDanger: true, onPress: onSignOut }]}
          />
        )}
      </header>
      <div className="settings__body">{content(page, me, isKept, onPage)}</div>
    </section>
  );
}

function content(page: SettingsPage, me: Me, isKept: boolean, onPage: (page: SettingsPage) => void): ReactNode {
  switch (page) {
    case "profile":
      return <ProfilePage me={me} />;
    case "access":
      return <AccessPage me={me} />;
    case "look":
      return <LookPage />;
    case "alerts":
      return <AlertsPage />;
    case "privacy":
      return <PrivacyPage me={me} />;
    case "devices":
      return <DevicesPage />;
    case "language":
      return <LanguagePage />;
    case "keys":
      return (
        <div className="settings__keys">
          <KeyList />
        </div>
      );
    case "overview":
      return <OverviewPage me={me} isKept={isKept} onPage={onPage} />;
  }
}
