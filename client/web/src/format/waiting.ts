import { formatUnit } from "./units.ts";

/** Format a waiting time: "40 seconds", "5 minutes". */
export function waiting(seconds: number): string {
  return seconds <= 90
    ? formatUnit(seconds, "second")
    : formatUnit(Math.ceil(seconds / 60), "minute");
}
