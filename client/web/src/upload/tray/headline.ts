import type { UploadsSnapshot } from "media-upload";
import { formatBytes } from "../../format/bytes.ts";
import { formatTimeLeft } from "../../format/timeLeft.ts";
import type { IconName } from "../../ui/Icon.tsx";
import { percentOf, shareOf } from "../progress.ts";
import { t } from "../../messages/t.ts";

/** What the tray's line says. */
export interface Headline {
  readonly title: string;
  readonly detail: string;
  readonly tone: "running" | "still" | "problem" | "done";
  readonly icon: IconName;
  /** From 0 to 1; undefined if there is no progress to show. */
  readonly share: number | undefined;
}

/** Return how many files wait for the user. */
export function attentionOf({ counts }: UploadsSnapshot): number {
  return counts.failed + counts.missing;
}

/** Whether nothing is sent, since a connection is down. */
export function isWaiting({ counts }: UploadsSnapshot): boolean {
  const busy = counts.uploading + counts.requesting + counts.hashing + counts.completing;
  return counts.waiting > 0 && busy === 0;
}

/** Summarize the list in a line. `online` is what the browser says about its network. */
export function headlineOf(snapshot: UploadsSnapshot, online: boolean): Headline {
  const { unfinished, bytesTotal, counts, elsewhere, problem, skipped } = snapshot;
  const attention = attentionOf(snapshot);
  if (problem !== undefined || unfinished > 0) return unfinishedHeadline(snapshot, online);
  if (attention > 0) {
    const title = t("tray.needAttention", { count: attention });
    const stored = counts.stored > 0 ? t("tray.uploaded", { count: counts.stored }) : undefined;
    const missing = counts.missing === attention ? t("tray.earlier") : undefined;
    const detail = [missing, stored].filter((each) => each !== undefined).join(" · ");
    return { title, detail, tone: "problem", icon: "warning", share: undefined };
  }
  if (elsewhere.files > 0) {
    const share = shareOf(elsewhere.bytesSent, elsewhere.bytesTotal);
    const detail = percentOf(elsewhere.bytesSent, elsewhere.bytesTotal);
    const title = t("tray.elsewhere", { count: elsewhere.files });
    return { title, detail, tone: "running", icon: "upload", share };
  }
  if (counts.stored > 0) {
    const title = t("tray.uploaded", { count: counts.stored });
    return {
      title,
      detail: formatBytes(bytesTotal),
      tone: "done",
      icon: "check",
      share: undefined,
    };
  }
  const title = t("tray.skipped", { count: skipped });
  return { title, detail: "", tone: "still", icon: "file", share: undefined };
}

function unfinishedHeadline(snapshot: UploadsSnapshot, online: boolean): Headline {
  const { unfinished, bytesSent, bytesTotal, counts, secondsLeft } = snapshot;
  const share = shareOf(bytesSent, bytesTotal);
  const sent = t("tray.sent", { sent: formatBytes(bytesSent), total: formatBytes(bytesTotal) });
  const percent = percentOf(bytesSent, bytesTotal);
  const still = (
    title: string,
    detail = t("tray.left", { count: unfinished, percent }),
  ): Headline => ({
    ...{ title, detail, tone: "still", icon: "clock", share },
  });
  if (snapshot.problem !== undefined) {
    return { ...still(t("tray.stopped")), tone: "problem", icon: "warning" };
  }
  const waiting = t("tray.waiting", { count: unfinished, percent });
  if (!online) return still(t("tray.offline"), waiting);
  if (isWaiting(snapshot)) return still(t("progress.waiting"), waiting);
  if (snapshot.paused || counts.paused === unfinished) {
    return { ...still(t("tray.paused")), icon: "pause" };
  }
  const left = secondsLeft === undefined ? sent : formatTimeLeft(secondsLeft);
  const title = t("tray.uploading", { count: unfinished });
  return { ...still(title, `${percent} · ${left}`), tone: "running", icon: "upload" };
}
