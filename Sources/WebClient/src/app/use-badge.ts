// What waits to be read, where one sees it from another tab: in the title and in the icon.

import { useEffect } from "react";
import { number, text } from "../text/text";

const side = 64;
/** More would not be readable in so small a sign. */
const shownMax = 99;

export function useBadge(unread: number): void {
  // Title and icon belong to the document.
  useEffect(() => {
    document.title = unread > 0 ? text("app.unreadTitle", { n: unread }) : text("app.name");
    const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
    const plain = link?.dataset["plain"];
    if (link === null || plain === undefined) return;
    let isCurrent = true;
    const show = (address: string) => {
      if (isCurrent && link.getAttribute("href") !== address) link.href = address;
    };
    if (unread === 0) show(plain);
    else void withCount(plain, unread).then(show, () => undefined);
    return () => {
      isCurrent = false;
    };
  }, [unread]);
}

/** The icon at `address` with a number on it, as an address. */
async function withCount(address: string, count: number): Promise<string> {
  const icon = new Image(side, side);
  icon.src = address;
  await icon.decode();
  const canvas = document.createElement("canvas");
  canvas.width = side;
  canvas.height = side;
  const pen = canvas.getContext("2d");
  if (pen === null) return address;
  pen.drawImage(icon, 0, 0, side, side);
  pen.fillStyle = "#d9231f";
  pen.arc(42, 42, 22, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = "#ffffff";
  pen.font = "bold 30px system-ui";
  pen.textAlign = "center";
  pen.fillText(number(Math.min(count, shownMax)), 42, 53, 40);
  return canvas.toDataURL();
}
