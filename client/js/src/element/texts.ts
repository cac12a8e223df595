import type { UploadItem, UploadsSnapshot } from "../types.ts";

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];
const LARGE_NUMBERS = /\d{4,}( bytes)?/g;

/** All texts of the element, in English. Replace some or all with the property `texts`. */
export const ENGLISH = {
  label: "Drop files here, or",
  choose: "Choose files",
  pause: "Pause",
  resume: "Resume",
  retry: "Try again",
  cancel: "Cancel",
  remove: "Remove",
  /** Choose the file of a row again. */
  again: "Choose again",
  /** Go on with the files of an earlier page that the browser can still read. */
  reopen: "Continue unfinished uploads",
  list: "Files",
  total: "Total progress",
  required: "Upload a file.",
  running: "Wait until all files are uploaded, or cancel them.",
  more: (files: number): string => `and ${files} more`,
  skipped: (files: number): string => `${files} skipped (already in the list, or system files)`,
  size: formatBytes,
  state: ({ state, bytesSent, size, reopenable }: UploadItem): string => {
    switch (state) {
      case "stored":
        return "Uploaded";
      case "uploading":
        return isSmall(size) ? "Uploading" : `Uploading, ${percent(bytesSent, size)}`;
      case "failed":
        return "Failed";
      case "paused":
        return "Paused";
      case "missing":
        return reopenable ? "Not finished" : "Choose this file again to continue";
      case "retrying":
        return "Trying again soon";
      case "completing":
        return "Finishing";
      case "requesting":
      case "hashing":
        return "Preparing";
      default:
        return "Waiting";
    }
  },
  /** Why a file failed or waits, and what to do. To translate it, use its `kind` and `code`. */
  problem: ({ problem }: UploadItem): string => {
    if (problem === undefined) return "";
    const { code = "", message } = problem;
    return /^(FILE_TOO_LARGE|QUOTA_EXCEEDED)$/.test(code)
      ? message.replace(LARGE_NUMBERS, (bytes) => formatBytes(parseInt(bytes, 10)))
      : message;
  },
  /** The state of the whole list, which screen readers announce. */
  status: (snapshot: UploadsSnapshot): string => {
    const { counts, unfinished, paused, problem, elsewhere } = snapshot;
    const { stored, failed, missing } = counts;
    if (problem !== undefined) return problem.message;
    const still = counts.waiting + counts.retrying + counts.paused === unfinished;
    const isPaused = paused || counts.paused === unfinished;
    const activity = isPaused ? "Paused" : still ? "Waiting" : "Uploading";
    return [
      unfinished > 0 ? `${activity}, ${unfinished} left` : stored > 0 && `${stored} uploaded`,
      failed > 0 && `${failed} failed`,
      missing > 0 && `${missing} not finished`,
      elsewhere.files > 0 && `${elsewhere.files} in another tab`,
    ]
      .filter(Boolean)
      .join(", ");
  },
  /** How far the unfinished files are. */
  progress: ({ bytesSent, bytesTotal, secondsLeft }: UploadsSnapshot): string =>
    `${percent(bytesSent, bytesTotal)} of ${formatBytes(bytesTotal)}` +
    (secondsLeft === undefined ? "" : ` · ${formatTime(secondsLeft)} left`),
};

export type MediaUploadTexts = typeof ENGLISH;

/** Whether a file is sent so fast that its progress says nothing. */
export function isSmall(size: number): boolean {
  return size < 1_000_000;
}

/** Return the share that was sent, from 0 to 1. */
export function share(sent: number, total: number): number {
  return total === 0 ? 0 : sent / total;
}

/** Return the percentage that was sent, which is 100 only at the end. */
function percent(sent: number, total: number): string {
  return `${Math.floor(100 * share(sent, total))}%`;
}

function formatBytes(bytes: number): string {
  if (bytes === 1) return "1 byte";
  let value = bytes;
  let unit = 0;
  // Slightly early: 999,600 bytes are shown as "1 MB", not as "1000 kB".
  for (; value >= 999.5 && unit < UNITS.length - 1; unit++) value /= 1000;
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${UNITS[unit] ?? ""}`;
}

function formatTime(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (minutes <= 1) return `${Math.ceil(seconds)} s`;
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
