import { formatRelative } from "../format/dates.ts";
import { formatUnit } from "../format/units.ts";
import { t } from "../messages/t.ts";
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Format how long the trash keeps files: "30 days", "12 hours". */
export function lifetime(seconds: number): string {
  if (seconds >= 2 * DAY) return formatUnit(seconds / DAY, "day");
  if (seconds >= 2 * HOUR) return formatUnit(seconds / HOUR, "hour");
  return formatUnit(Math.max(1, seconds / MINUTE), "minute");
}

/** Format when a file is deleted for good: "in 30 days", "tomorrow", "in 5 hours", "soon". */
export function deletionTime(trashedAt: string, ttlSeconds: number, now = Date.now()): string {
  const seconds = (Date.parse(trashedAt) - now) / 1000 + ttlSeconds;
  // The service deletes files some time after their time is over.
  if (seconds < HOUR) return t("trash.soon");
  if (seconds < DAY) return formatRelative(Math.floor(seconds / HOUR), "hour");
  return formatRelative(Math.round(seconds / DAY), "day");
}
