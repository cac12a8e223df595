#!/usr/bin/env node
/**
 * Scrolls through a library of thousands of pictures, from the first to the last, and prints what
 * that costs the page, beside the goals.
 *
 *   npm --silent --prefix benchmarks/web run list -- [--json] [--files 10000] [--layout grid|list]
 *
 * Needs the dependencies that `make setup` installs, the built web client, and Chromium
 * (CHROMIUM=/path/to/chromium if it is not /usr/bin/chromium).
 *
 * The files are records only (library.py). A server that stands for the bucket returns real pictures
 * as their thumbnails, so that the page decodes and shows them.
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { goalOf, machineOf, mib, printGoal, printMachine, printTable } from "./figures.mjs";
import { picture } from "./picture.mjs";
import {
  atEnd,
  browserOptions,
  run,
  say,
  startPython,
  startService,
  temporaryDirectory,
} from "./processes.mjs";

const USER = { username: "benchmark", password: "a long passphrase for a benchmark" };
const SIGN_UP = `mutation SignUp($username: String!, $password: String!) {
  signUp(input: { username: $username, password: $password, tokenDelivery: COOKIE }) { __typename }
}`;
const LONGEST_TASK_MS = 200;
const HEAP_MIB = 120;
/** As fast as a wheel turns: 1,000 pixels each 1/60 s, so 60,000 pixels per second. */
const STEP_PX = 1000;
const STEP_MS = 16;
const SCROLL_MAX_MS = 900_000;

const { values: options } = parseArgs({
  options: {
    files: { type: "string", default: "10000" },
    layout: { type: "string", default: "grid" },
    json: { type: "boolean", default: false },
  },
});

await run(main);

async function main() {
  const directory = await temporaryDirectory("web-list-");
  say("Starting the service …");
  const data = path.join(directory, "data");
  const bucket = await startBucket();
  const origin = await startService(data, { S3_PUBLIC_ENDPOINT_URL: bucket });
  const browser = await chromium.launch(browserOptions());
  atEnd(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const answer = await page.request.post(`${origin}/graphql`, {
    data: { query: SIGN_UP, variables: USER },
  });
  if (!(await answer.text()).includes('"Session"')) throw new Error(await answer.text());
  say(`Creating ${options.files} records …`);
  await fillLibrary(data);
  say("Scrolling …");
  print(await measure(page, `${origin}/library?layout=${options.layout}`), browser.version());
}

async function fillLibrary(data) {
  const url = (await readFile(path.join(data, "database-url"), "utf8")).trim();
  const words = ["-m", "benchmarks.web.library", USER.username, options.files];
  const program = startPython(words, { env: { DB_URL: url } });
  const [status] = await once(program.child, "exit");
  if (status !== 0) throw new Error(`The records were not created:\n${program.log}`);
}

/** Start a server that answers every request with a picture; returns its address. */
async function startBucket() {
  const pictures = Array.from({ length: 16 }, (_, seed) => picture(320, 240, seed));
  let count = 0;
  const server = http.createServer((_request, response) => {
    const headers = { "content-type": "image/png", "cache-control": "private, max-age=3600" };
    response.writeHead(200, headers).end(pictures[count++ % pictures.length]);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  atEnd(() => (server.closeAllConnections(), server.close()));
  return `http://127.0.0.1:${server.address().port}`;
}

async function measure(page, address) {
  const requests = { api: 0, thumbnails: 0 };
  page.on("request", (request) => {
    if (request.url().endsWith("/graphql")) requests.api++;
    if (request.url().includes("X-Amz-Signature")) requests.thumbnails++;
  });
  await page.addInitScript(() => {
    globalThis.tasks = [];
    new PerformanceObserver((list) => {
      globalThis.tasks.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: "longtask" });
  });
  await page.goto(address);
  await page.locator("[data-upload]").first().waitFor();
  const began = performance.now();
  const most = await scroll(page);
  const ms = performance.now() - began;
  const tasks = await page.evaluate(() => globalThis.tasks);
  return {
    ...{ ms, rows: most, ...requests, heapBytes: await heapOf(page) },
    ...{ longTasks: tasks.length, longestTaskMs: Math.round(Math.max(0, ...tasks)) },
  };
}

/** Scroll to the last file; returns the largest number of files that the page contained. */
async function scroll(page) {
  return page.evaluate(
    ([count, stepPx, stepMs, maxMs]) =>
      new Promise((resolve, reject) => {
        const deadline = performance.now() + maxMs;
        let most = 0;
        const timer = setInterval(() => {
          scrollBy({ top: stepPx, behavior: "instant" });
          most = Math.max(most, document.querySelectorAll("[data-upload]").length);
          const atEnd = document.querySelector(`[data-stop="${count - 1}"]`) !== null;
          if (!atEnd && performance.now() < deadline) return;
          clearInterval(timer);
          if (atEnd) resolve(most);
          else reject(new Error("The last file did not appear."));
        }, stepMs);
      }),
    [Number(options.files), STEP_PX, STEP_MS, SCROLL_MAX_MS],
  );
}

/** Return the size of the page's objects after garbage has been collected. */
async function heapOf(page) {
  const devtools = await page.context().newCDPSession(page);
  // What the first collection finalizes goes in the second.
  for (let round = 0; round < 2; round++) await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  return usedSize;
}

function print(measured, version) {
  const machine = machineOf(version);
  const { ms, longestTaskMs, longTasks, heapBytes, rows, api, thumbnails } = measured;
  const goals = [
    goalOf("longest task", longestTaskMs, "at most", LONGEST_TASK_MS, "ms"),
    goalOf("heap after garbage collection", heapBytes / 2 ** 20, "at most", HEAP_MIB, "MiB"),
  ];
  if (options.json) {
    console.log(JSON.stringify({ machine, files: Number(options.files), measured, goals }));
    return;
  }
  printMachine(machine);
  console.log(`${options.files} files, scrolled from the first to the last\n`);
  printTable(
    ["seconds", "longest task, ms", "tasks over 50 ms", "heap, MiB", "files in the page"].concat(
      "API requests",
      "thumbnails",
    ),
    [[Math.round(ms / 1000), longestTaskMs, longTasks, mib(heapBytes), rows, api, thumbnails]],
  );
  console.log();
  for (const goal of goals) printGoal(goal);
}
