// The browser's own notifications, for a page that is not looked at: one for each chat.

import type { Alert } from "../model/alerts";
import type { ChatId } from "../protocol/ids";
import { alertPermission } from "../ui/permission";

export class SystemNotes {
  private readonly notes = new Map<ChatId, Notification>();

  /** Shows a note where somebody has allowed it; a press on it calls `onPress`. */
  show(chat: ChatId, title: string, body: string, onPress: () => void): void {
    if (alertPermission() !== "granted") return;
    try {
      // The page has its own sound; a note of the same chat is replaced.
      const note = new Notification(title, { body, tag: chat, silent: true });
      note.onclick = () => {
        window.focus();
        onPress();
      };
      this.notes.set(chat, note);
    } catch {
      // Some phones let only a service worker show them.
    }
  }

  /** Takes away what is not among `alerts` any more. */
  keep(alerts: readonly Alert[]): void {
    for (const [chat, note] of this.notes) {
      if (alerts.some((alert) => alert.chat === chat)) continue;
      note.close();
      this.notes.delete(chat);
    }
  }
}
