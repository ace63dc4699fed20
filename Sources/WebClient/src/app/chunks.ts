// The parts of the page that are loaded later.

import { chunk } from "../ui/chunk";

/** The dialogs, the settings and the info of a chat. */
export const extras = chunk(() => import("./extras"));
