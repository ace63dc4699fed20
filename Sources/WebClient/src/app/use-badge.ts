// What waits to be read, where one sees it from another tab: in the title and in the icon.

import { useEffect } from "react";
import { text } from "../text/text";

export function useBadge(unread: number): void {
  // Title and icon belong to the document, which also has the addresses of both icons.
  useEffect(() => {
    document.title = unread > 0 ? text("app.unreadTitle", { n: unread }) : text("app.name");
    const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
    const address = link?.dataset[unread > 0 ? "unread" : "read"];
    if (link !== null && address !== undefined && link.getAttribute("href") !== address) link.href = address;
  }, [unread]);
}
