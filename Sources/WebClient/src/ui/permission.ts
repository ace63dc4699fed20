// Whether the browser may show notifications, which only its person decides, and only when asked by a press.

/** "default": it was not decided yet. */
export function alertPermission(): NotificationPermission {
  return "Notification" in globalThis ? Notification.permission : "denied";
}

/** Ends when it has been decided. */
export async function askForAlerts(): Promise<void> {
  await Notification.requestPermission();
}
