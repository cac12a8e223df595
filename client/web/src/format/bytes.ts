import { formatUnit } from "./units.ts";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"] as const;

/** Format a number of bytes for people: "340 kB", "1.2 GB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // Switch units slightly early: 999,960 bytes are shown as "1 MB", not "1,000 kB".
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const name = UNITS[unit] ?? "byte";
  return unit === 0
    ? formatUnit(bytes, name)
    : formatUnit(value, name, "short", value < 10 ? 1 : 0);
}
