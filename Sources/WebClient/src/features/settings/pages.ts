// The pages of the settings, by the names that they have in the address.

export const settingsPages = [
  "overview", "profile", "access", "look", "alerts", "privacy", "devices", "language", "keys",
] as const;
export type SettingsPage = typeof settingsPages[number];
