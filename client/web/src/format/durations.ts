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
  const words = [count(hours, "hour"), count(minutes, "minute"), count(rest, "second")];
  return words.filter((word) => !word.startsWith("0 ")).join(" ") || "0 seconds";
}

/** Return "1 page", "12 pages". */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
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
