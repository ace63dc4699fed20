import { useEffect, useLayoutEffect, useState, useSyncExternalStore } from "react";
import { totalUnread } from "../model/store";
import { SignIn } from "../features/sign-in/sign-in";
import { useClient, useSnapshot } from "../session/context";
import { useMutes } from "../session/mutes";
import { takeFonts } from "../ui/fonts";
import { Later } from "../ui/later";
import { Notice } from "../ui/notice";
import { Spinner } from "../ui/spinner";
import { ToastLine } from "../ui/toast-line";
import { extras } from "./chunks";
import { Columns } from "./columns";
import { currentRoute, subscribeRoute } from "./routes";
import { useBadge } from "./use-badge";
import { useViewport } from "./use-viewport";
import { text } from "../text/text";
import "./app.css";

/** The whole page, by how far the session got. */
export function App() {
  const client = useClient();
  const snapshot = useSnapshot();
  const route = useSyncExternalStore(subscribeRoute, currentRoute);
  const mutes = useMutes();
  const [, setMinute] = useState(0);

  useBadge(snapshot.stage === "ready" ? totalUnread(snapshot.store, mutes, Date.now(), null) : 0);
  useViewport();

  // Before the other page is drawn: until then the font may have come.
  useLayoutEffect(takeFonts, [snapshot.stage]);

  // Times in words ("today") change without an event: look again every minute.
  useEffect(() => {
    const timer = setInterval(() => setMinute((minute) => minute + 1), 60_000);
    return () => clearInterval(timer);
  }, []);

  function stage() {
    switch (snapshot.stage) {
      case "loading":
        return (
          <div className="app__loading">
            <Spinner label={text("app.loading")} />
            {snapshot.isUnreachable && <p role="status">{text("connection.offline")}</p>}
          </div>
        );
      case "signIn":
      case "profile":
        return <SignIn />;
      case "ready":
        return (
          <>
            <Columns route={route} />
            <Later from={extras}>{({ SyncDrafts }) => <SyncDrafts openChat={route.chat} />}</Later>
          </>
        );
    }
  }

  return (
    <>
      {stage()}
      <ToastLine />
      {snapshot.notice !== null && (
        <Notice text={snapshot.notice} onDismiss={() => client.dismissNotice()} />
      )}
    </>
  );
}
