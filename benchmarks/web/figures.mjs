import os from "node:os";

/** Describe the machine; `chromium` is the version of the browser. */
export function machineOf(chromium) {
  return {
    processor: os.cpus()[0]?.model,
    cores: os.cpus().length,
    load: os.loadavg()[0],
    chromium,
  };
}

export function printMachine({ processor, cores, load, chromium }) {
  console.log(`Machine: ${processor}, ${cores} cores, load ${load}, Chromium ${chromium}`);
}

export function printTable(head, rows) {
  for (const cells of [head, head.map(() => "---"), ...rows]) {
    console.log(`| ${cells.join(" | ")} |`);
  }
}

/** Return a goal and whether it is met, for a figure that must be at most, or at least, `limit`. */
export function goalOf(what, measured, comparison, limit, unit = "") {
  const met = comparison === "at most" ? measured <= limit : measured >= limit;
  return { what, measured, comparison, limit, unit, met };
}

export function printGoal({ what, measured, comparison, limit, unit, met }) {
  const shown = (value) => `${Math.round(value * 100) / 100} ${unit}`.trimEnd();
  const verdict = met ? "met" : "MISSED";
  console.log(`- ${verdict}: ${what}: ${shown(measured)} (goal: ${comparison} ${shown(limit)})`);
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Round to two places, for a time in seconds. */
export function seconds(ms) {
  return (ms / 1000).toFixed(2);
}

export function mib(bytes) {
  return (bytes / 2 ** 20).toFixed(1);
}
