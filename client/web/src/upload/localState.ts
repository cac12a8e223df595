import { makeVar } from "@apollo/client";

/** Whether the tray is open; it starts as a line on each page load. */
export const trayOpen = makeVar(false);

/** The tags of files that are added while the upload page is open. */
export const nextTags = makeVar<readonly string[]>([]);
