const UNITS = ["bytes", "kB", "MB", "GB", "TB", "PB"];

/** Format a number of bytes for people: "340 kB", "1.2 GB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // Switch units slightly early: 999,960 bytes are shown as "1 MB", not "1,000 kB".
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  if (unit === 0) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  const digits = value < 10 ? 1 : 0;
  return `${value.toLocaleString("en", { maximumFractionDigits: digits })} ${UNITS[unit] ?? ""}`;
}
