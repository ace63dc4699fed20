// The parts of the page that are loaded later.

import { chunk } from "../ui/chunk";

/** What somebody sees who is not signed in. */
export const signIn = chunk("signIn", () => import("../features/sign-in/sign-in"), "later");
/** What everybody else sees: the columns. */
export const chats = chunk("chats", () => import("./columns"), "chats");
/** The dialogs, the settings and the info of a chat. */
export const extras = chunk("extras", () => import("./extras"), "later");
