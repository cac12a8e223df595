import os from "node:os";

const NAMES = { engine: "our engine", uppy: "@uppy/aws-s3 6.3.1" };

/** Goals relative to Uppy: at most half the time for the large file, no slower for small ones. */
const GOALS = [0.5, 1];

export function print({ measured, options, version, cases, json }) {
  const rows = cases.flatMap((name) =>
    Object.keys(NAMES).map((contender) => row(name, contender, measured)),
  );
  const goals = cases.map((name, index) => {
    const ratio = median(ratios(name, measured));
    return { case: name, atMost: GOALS[index], ratio, met: ratio <= GOALS[index] };
  });
  const line = {
    roundTripMs: Number(options["round-trip-ms"]),
    windowKib: Number(options["window-kib"]) || null,
    rounds: Number(options.rounds),
  };
  const machine = { processor: os.cpus()[0]?.model, cores: os.cpus().length, chromium: version };
  if (json) {
    console.log(JSON.stringify({ machine, line, rows, goals, measured }, undefined, 1));
    return;
  }
  console.log(`Machine: ${machine.processor}, ${machine.cores} cores, Chromium ${version}`);
  console.log(
    `Network: ${describe(line)}; medians of ${line.rounds} rounds, with minimum–maximum\n`,
  );
  console.log("| files | contender | seconds | PUTs | preflights | API calls |");
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const { name, contender, ms, least, most, put, preflight, api } of rows) {
    const seconds = `${shown(ms)} (${shown(least)}–${shown(most)})`;
    console.log(`| ${name} | ${NAMES[contender]} | ${seconds} | ${put} | ${preflight} | ${api} |`);
  }
  console.log();
  for (const { case: name, atMost, ratio, met } of goals) {
    console.log(
      `- ${met ? "met" : "MISSED"}: ${name}: ${ratio.toFixed(2)} × Uppy's time in the median round (goal: at most ${atMost} ×)`,
    );
  }
}

function describe({ roundTripMs, windowKib }) {
  const limit =
    windowKib === null
      ? "no limit"
      : `window of ${windowKib} KiB, so ${((windowKib / 1024 / roundTripMs) * 1000).toFixed(1)} MiB/s`;
  return `round trip of ${roundTripMs} ms to the bucket and the API; each connection to the bucket: ${limit}`;
}

/** Return our time divided by Uppy's per round: other load on the machine affects both alike. */
function ratios(name, measured) {
  const [ours, theirs] = Object.keys(NAMES).map((contender) =>
    measured.filter((each) => each.name === name && each.contender === contender),
  );
  return ours.map(({ ms }, round) => ms / theirs[round].ms);
}

function row(name, contender, measured) {
  const mine = measured.filter((each) => each.name === name && each.contender === contender);
  const of = (key) => median(mine.map((each) => each[key]));
  const times = mine.map(({ ms }) => ms);
  return {
    ...{ name, contender, ms: of("ms"), least: Math.min(...times), most: Math.max(...times) },
    ...{ put: of("put"), preflight: of("preflight"), api: of("api") },
  };
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function shown(ms) {
  return (ms / 1000).toFixed(2);
}
