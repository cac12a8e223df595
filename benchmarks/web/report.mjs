import {
  goalOf,
  machineOf,
  median,
  mib,
  printGoal,
  printMachine,
  printTable,
  seconds,
} from "./figures.mjs";

/** The first two are compared. The command has no limit of six connections, and no preflights. */
const NAMES = { engine: "media-upload", uppy: "@uppy/aws-s3 6.3.1", media: "the media command" };

/** Goals relative to Uppy, for the large file, the small and the tiny ones. */
const GOALS = [0.25, 0.7, 0.5];
/** The goal for the large file if the connections have no limit of their own. */
const UNLIMITED_GOAL = 0.75;
const HEAD = [
  ...["files", "contender", "seconds", "first PUT, s", "PUTs", "preflights", "API calls"],
  ...["longest task, ms", "heap, MiB"],
];

export function print({ measured, options, version, cases, json }) {
  const rows = cases.flatMap((name) =>
    Object.keys(NAMES).flatMap((contender) => row(name, contender, measured)),
  );
  const goals = cases.map((name, index) => {
    const ratio = median(ratios(name, measured));
    const unlimited = index === 0 && Number(options["window-kib"]) === 0;
    const atMost = unlimited ? UNLIMITED_GOAL : GOALS[index];
    return goalOf(name, ratio, "at most", atMost, "× Uppy's time, in the median round");
  });
  const line = {
    roundTripMs: Number(options["round-trip-ms"]),
    windowKib: Number(options["window-kib"]) || null,
    rounds: Number(options.rounds),
  };
  const machine = machineOf(version);
  if (json) {
    console.log(JSON.stringify({ machine, line, rows, goals, measured }, undefined, 1));
    return;
  }
  printMachine(machine);
  console.log(
    `Network: ${describe(line)}; medians of ${line.rounds} rounds, with minimum–maximum\n`,
  );
  printTable(HEAD, rows.map(cellsOf));
  console.log();
  for (const goal of goals) printGoal(goal);
}

function cellsOf({ name, contender, ms, least, most, ...counts }) {
  const { firstPutMs, put, preflight, api, longestTaskMs, heapBytes } = counts;
  const page = contender === "media" ? ["", ""] : [Math.round(longestTaskMs), mib(heapBytes)];
  return [
    ...[name, NAMES[contender], `${seconds(ms)} (${seconds(least)}–${seconds(most)})`],
    ...[seconds(firstPutMs), put, preflight, api, ...page],
  ];
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
  const [ours, theirs] = ["engine", "uppy"].map((contender) =>
    measured.filter((each) => each.name === name && each.contender === contender),
  );
  return ours.map(({ ms }, round) => ms / theirs[round].ms);
}

function row(name, contender, measured) {
  const mine = measured.filter((each) => each.name === name && each.contender === contender);
  if (mine.length === 0) return [];
  const of = (key) => median(mine.map((each) => each[key]));
  const times = mine.map(({ ms }) => ms);
  const row = {
    ...{ name, contender, ms: of("ms"), least: Math.min(...times), most: Math.max(...times) },
    ...{ put: of("put"), preflight: of("preflight"), api: of("api") },
    ...{ firstPutMs: of("firstPutMs") },
    ...{ longestTaskMs: of("longestTaskMs"), heapBytes: of("heapBytes") },
  };
  return [row];
}
