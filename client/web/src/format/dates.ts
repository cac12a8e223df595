import { language } from "../messages/language.ts";
import { t } from "../messages/t.ts";

/** Return what `create` returns, created at the first use: formatters take milliseconds each. */
function once<T>(create: () => T): () => T {
  let created: T | undefined;
  return () => (created ??= create());
}

const day = once(
  () => new Intl.DateTimeFormat(language.tag, { day: "numeric", month: "short", year: "numeric" }),
);
const moment = once(
  () =>
    new Intl.DateTimeFormat(language.tag, {
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
    }),
);
/** Cameras rarely record a time zone. The service then gives the local time as if it were UTC. */
const cameraTime = once(
  () =>
    new Intl.DateTimeFormat(language.tag, {
      dateStyle: "medium",
      timeStyle: "short",
      timeZone: "UTC",
    }),
);
const relative = once(() => new Intl.RelativeTimeFormat(language.tag, { numeric: "auto" }));

export function formatDay(at: string): string {
  return day().format(new Date(at));
}

export function formatMoment(at: string): string {
  return moment().format(new Date(at));
}

/** Format the time at which a picture was taken, as the camera's clock showed it. */
export function formatCameraTime(at: string): string {
  return cameraTime().format(new Date(at));
}

/** Format a time from now: "in 5 hours", "tomorrow". */
export function formatRelative(value: number, unit: Intl.RelativeTimeFormatUnit): string {
  return relative().format(value, unit);
}

/** Format a time as "5 minutes ago" or "yesterday"; as a date if it is over a week ago. */
export function formatAgo(at: string, now = Date.now()): string {
  const seconds = (Date.parse(at) - now) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return t("format.justNow");
  if (size < 3600) return relative().format(Math.round(seconds / 60), "minute");
  if (size < 86_400) return relative().format(Math.round(seconds / 3600), "hour");
  if (size < 7 * 86_400) return relative().format(Math.round(seconds / 86_400), "day");
  return formatDay(at);
}
