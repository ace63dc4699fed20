import { useEffect, useState, useSyncExternalStore } from "react";
import { totalUnread } from "../model/store";
import { SignIn } from "../features/sign-in/sign-in";
import { useClient, useSnapshot } from "../session/context";
import { Notice } from "../ui/notice";
import { Spinner } from "../ui/spinner";
import { Columns } from "./columns";
import { currentRoute, subscribeRoute } from "./routes";
import "./app.css";

/** The whole page, by how far the session got. */
export function App() {
  const client = useClient();
  const snapshot = useSnapshot();
  const route = useSyncExternalStore(subscribeRoute, currentRoute);
  const [, setMinute] = useState(0);
  const unread = totalUnread(snapshot.store);

  // The title belongs to the document.
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Chaticket` : "Chaticket";
  }, [unread]);

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
            <Spinner label="Loading" />
            {snapshot.isUnreachable && <p role="status">Waiting for network…</p>}
          </div>
        );
      case "signIn":
      case "profile":
        return <SignIn />;
      case "ready":
        return <Columns route={route} />;
    }
  }

  return (
    <>
      {stage()}
      {snapshot.notice !== null && (
        <Notice text={snapshot.notice} onDismiss={() => client.dismissNotice()} />
      )}
    </>
  );
}
