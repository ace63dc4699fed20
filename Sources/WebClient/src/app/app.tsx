import { useEffect, useLayoutEffect, useState, useSyncExternalStore } from "react";
import { totalUnread } from "../model/store";
import { useClient, useSnapshot } from "../session/context";
import { useMutes } from "../session/mutes";
import { takeFonts } from "../ui/fonts";
import { Later } from "../ui/later";
import { Notice } from "../ui/notice";
import { Spinner } from "../ui/spinner";
import { ToastLine } from "../ui/toast-line";
import { chats, extras, signIn } from "./chunks";
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

  const loading = (
    <div className="app__loading">
      <Spinner label={text("app.loading")} />
      {snapshot.isUnreachable && <p role="status">{text("connection.offline")}</p>}
    </div>
  );

  function stage() {
    switch (snapshot.stage) {
      case "loading":
        return loading;
      case "signIn":
      case "profile":
        return <Later from={signIn} until={loading}>{({ SignIn }) => <SignIn />}</Later>;
      case "ready":
        return (
          <>
            <Later from={chats} until={loading}>{({ Columns }) => <Columns route={route} />}</Later>
            <Later from={extras}>
              {({ JoinAddress, SyncDrafts }) => (
                <>
                  <SyncDrafts openChat={route.chat} />
                  <JoinAddress />
                </>
              )}
            </Later>
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
