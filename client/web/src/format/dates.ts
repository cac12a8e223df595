const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric" });
const MOMENT = new Intl.DateTimeFormat("en", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});
/** Cameras rarely record a time zone. The service then gives the local time as if it were UTC. */
const CAMERA_TIME = new Intl.DateTimeFormat("en", {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

export function formatDay(at: string): string {
  return DAY.format(new Date(at));
}

export function formatMoment(at: string): string {
  return MOMENT.format(new Date(at));
}

/** Format the time at which a picture was taken, as the camera's clock showed it. */
export function formatCameraTime(at: string): string {
  return CAMERA_TIME.format(new Date(at));
}

/** Format a time as "5 minutes ago" or "yesterday"; as a date if it is over a week ago. */
export function formatAgo(at: string, now = Date.now()): string {
  const seconds = (Date.parse(at) - now) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return "just now";
  if (size < 3600) return RELATIVE.format(Math.round(seconds / 60), "minute");
  if (size < 86_400) return RELATIVE.format(Math.round(seconds / 3600), "hour");
  if (size < 7 * 86_400) return RELATIVE.format(Math.round(seconds / 86_400), "day");
  return formatDay(at);
}
