import { NO_FILES } from "../sums.ts";
import type { UploadsSnapshot } from "../types.ts";

/** The state of an empty list, which is also what a server renders. */
export const EMPTY: UploadsSnapshot = {
  files: 0,
  counts: NO_FILES,
  unfinished: 0,
  bytesSent: 0,
  bytesTotal: 0,
  bytesPerSecond: 0,
  secondsLeft: undefined,
  paused: false,
  problem: undefined,
  skipped: 0,
  reopenable: 0,
  elsewhere: { files: 0, bytesSent: 0, bytesTotal: 0 },
};
