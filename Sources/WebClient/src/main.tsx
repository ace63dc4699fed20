// The composition root: makes the client, gives it the browser's events, and shows the app.

import "./ui/tokens.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/app";
import { Client } from "./session/client";
import { ClientProvider } from "./session/context";
import { startTheme } from "./ui/theme";

startTheme();
const client = new Client(location.origin);
addEventListener("online", () => client.dispatch({ kind: "online" }));
addEventListener("offline", () => client.dispatch({ kind: "offline" }));
addEventListener("focus", () => client.hurry());
addEventListener("pointerdown", () => client.touched());
addEventListener("keydown", () => client.touched());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") client.hurry();
});
const root = document.getElementById("app");
if (root !== null) {
  createRoot(root).render(
    <ClientProvider client={client}>
      <App />
    </ClientProvider>,
  );
}
void client.boot();
