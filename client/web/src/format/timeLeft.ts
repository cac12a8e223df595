import { t } from "../messages/t.ts";

/** Format the time that work will take: "a few seconds left", "40 s left", "1 h 5 min left". */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 5) return t("format.left.few");
  if (seconds < 90) return t("format.left.seconds", { seconds: Math.ceil(seconds / 5) * 5 });
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return t("format.left.minutes", { minutes });
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours >= 48) return t("format.left.days", { days: Math.ceil(hours / 24) });
  if (rest === 0) return t("format.left.hours", { hours });
  return t("format.left.hoursMinutes", { hours, minutes: rest });
}
