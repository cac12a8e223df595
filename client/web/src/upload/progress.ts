import type { UploadProgress, UploadState } from "media-upload";
import { formatPercent } from "../format/units.ts";
import { message, t, type Message } from "../messages/t.ts";

/** Return the share of bytes that were sent, from 0 to 1. All pages show this number. */
export function shareOf(bytesSent: number, bytesTotal: number): number {
  return bytesTotal === 0 ? 0 : Math.max(0, Math.min(1, bytesSent / bytesTotal));
}

/** Return the share as a percentage: "34%". It is rounded down, so that 100% means all bytes. */
export function percentOf(bytesSent: number, bytesTotal: number): string {
  return formatPercent(Math.floor(shareOf(bytesSent, bytesTotal) * 100) / 100);
}

const WORDS: Record<UploadState, Message> = {
  queued: message("progress.queued"),
  requesting: message("progress.starting"),
  hashing: message("progress.starting"),
  uploading: message("progress.uploading"),
  waiting: message("progress.waiting"),
  retrying: message("progress.retrying"),
  paused: message("progress.paused"),
  completing: message("progress.finishing"),
  missing: message("progress.incomplete"),
  stored: message("progress.stored"),
  failed: message("progress.failed"),
  cancelled: message("progress.cancelled"),
};

const PARTIAL: ReadonlySet<UploadState> = new Set(["uploading", "waiting", "retrying", "paused"]);

/** Describe the progress of an upload: "Uploading 34%", "Paused 34% in another tab". */
export function describe({ state, bytesSent, size, elsewhere }: UploadProgress): string {
  const word = t(WORDS[state]);
  const progress = PARTIAL.has(state)
    ? t("progress.share", { state: word, percent: percentOf(bytesSent, size) })
    : word;
  return elsewhere ? t("progress.elsewhere", { progress }) : progress;
}
