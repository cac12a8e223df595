import { language } from "../messages/language.ts";
import { formatUnit } from "./units.ts";

/** Format a duration as players do: "0:07", "1:23", "1:02:03". */
export function formatDuration(seconds: number): string {
  const { hours, minutes, rest } = split(seconds);
  const end = String(rest).padStart(2, "0");
  if (hours === 0) return `${minutes}:${end}`;
  return `${hours}:${String(minutes).padStart(2, "0")}:${end}`;
}

/** Format a duration for screen readers: "1 minute 23 seconds". */
export function spokenDuration(seconds: number): string {
  const { hours, minutes, rest } = split(seconds);
  const parts = [
    [hours, "hour"],
    [minutes, "minute"],
    [rest, "second"],
  ] as const;
  const words = parts
    .filter(([value]) => value > 0)
    .map(([value, unit]) => formatUnit(value, unit));
  if (words.length === 0) return formatUnit(0, "second");
  return new Intl.ListFormat(language.tag, { type: "unit", style: "narrow" }).format(words);
}

/** Even the shortest sound is shown as one second: "0:00" looks like an empty file. */
function split(seconds: number): { hours: number; minutes: number; rest: number } {
  const whole = seconds > 0 ? Math.max(1, Math.round(seconds)) : 0;
  return {
    hours: Math.floor(whole / 3600),
    minutes: Math.floor(whole / 60) % 60,
    rest: whole % 60,
  };
}
