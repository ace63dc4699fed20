// The composition root: makes the client, gives it the browser's events, and shows the app.

import "./ui/tokens.css";
import { awaitFonts, takeFonts } from "./ui/fonts";
import { createRoot } from "react-dom/client";
import { App } from "./app/app";
import { chats, signIn } from "./app/chunks";
import { Client } from "./session/client";
import { ClientProvider } from "./session/context";
import { writeDrafts } from "./session/drafts";
import { connectEngine } from "./session/link";
import { startSpeaker } from "./session/speaker";
import { hasVisited } from "./session/visits";
import { direction, language, startLanguage } from "./text/text";
import { prefetchChunks } from "./ui/chunk";
import { startPreferences } from "./ui/preferences";
import { startSound } from "./ui/sound";
import { startTheme } from "./ui/theme";

/** By then what a click opens is fetched, however busy the page is. */
const prefetchMilliseconds = 2_000;

/** The address of the shared worker's script; the bundling step knows it. */
declare const WORKER_URL: string;

startLanguage(navigator.languages);
document.documentElement.lang = language();
document.documentElement.dir = direction();
startTheme();
startPreferences();
startSpeaker();
startSound();
const tab = crypto.getRandomValues(new Uint32Array(4)).join("-");
const client = new Client(location.origin, (onNews) => connectEngine(location.origin, WORKER_URL, onNews));
const showVisibility = () =>
  client.tell({ kind: "visible", tab, isVisible: document.visibilityState === "visible" });
showVisibility();
document.addEventListener("visibilitychange", showVisibility);
addEventListener("pagehide", () => {
  writeDrafts();
  client.tell({ kind: "part", tab });
});
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) client.tell({ kind: "join" });
  showVisibility();
});
// A page that slept may have missed that the network came back.
addEventListener("focus", () => client.tell({ kind: navigator.onLine ? "online" : "hurry" }));
addEventListener("online", () => client.tell({ kind: "online" }));
addEventListener("offline", () => client.tell({ kind: "offline" }));
addEventListener("pointerdown", () => client.tell({ kind: "touched" }));
addEventListener("keydown", () => client.tell({ kind: "touched" }));

function show(): void {
  takeFonts();
  const root = document.getElementById("app");
  if (root === null) return;
  createRoot(root).render(
    <ClientProvider client={client}>
      <App />
    </ClientProvider>,
  );
}

// What will most probably be shown comes together with what finds out whether it will.
(hasVisited() ? chats : signIn).need();
if (hasVisited()) void awaitFonts().then(show);
else show();
// The shell of the page for the next visit, when this one has loaded. It is a convenience: a browser that
// refuses it loses nothing else.
addEventListener("load", () => {
  if ("requestIdleCallback" in window) requestIdleCallback(prefetchChunks, { timeout: prefetchMilliseconds });
  else setTimeout(prefetchChunks, prefetchMilliseconds);
  if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/sw.js").catch(() => undefined);
});
