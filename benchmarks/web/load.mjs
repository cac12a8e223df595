#!/usr/bin/env node
/**
 * Prints what Lighthouse says about the first load of the web client's pages, beside the goals.
 *
 *   npm --silent --prefix benchmarks/web run load -- [--json] [--rounds 3]
 *
 * Needs the dependencies that `make setup` installs, the built web client, and Chromium
 * (CHROMIUM=/path/to/chromium if it is not /usr/bin/chromium). Each round begins with an empty cache.
 *
 * The network (1.6 Mbit/s, round trips of 150 ms) and the processor (4 times slower) are simulated:
 * Lighthouse computes their effect from a load without limits, so a busy machine adds less noise.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import lighthouse from "lighthouse";
import { chromium } from "playwright-core";
import { picture } from "./picture.mjs";

const ROOT = path.join(import.meta.dirname, "../..");
const FILES = 24;
const START_MS = 60_000;
const SCORES = { performance: 95, accessibility: 100, "best-practices": 100 };
/** The pages, in the order of visits: those for visitors come before the browser knows a user. */
const PAGES = [
  { name: "login", address: "/login", signedIn: false, lcpMs: 2000 },
  { name: "library", address: "/library", signedIn: true, lcpMs: 2500 },
];

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "3" }, json: { type: "boolean", default: false } },
});

const undo = [];
try {
  await main();
} finally {
  for (const step of undo.reverse()) await step();
}

async function main() {
  const directory = await mkdtemp(path.join(os.tmpdir(), "web-load-"));
  undo.push(() => rm(directory, { recursive: true, force: true }));
  say("Starting the service …");
  const origin = await startStack(directory);
  const { context, port } = await startBrowser(directory);
  const rows = [];
  for (const page of PAGES.filter(({ signedIn }) => !signedIn)) {
    rows.push(await measure(context, port, origin, page));
  }
  say(`Uploading ${FILES} pictures …`);
  await fillLibrary(context, origin);
  for (const page of PAGES.filter(({ signedIn }) => signedIn)) {
    rows.push(await measure(context, port, origin, page));
  }
  print(rows, context.browser()?.version());
}

/** Return the median of each figure over all rounds. */
async function measure(context, port, origin, { name, address, signedIn, lcpMs }) {
  const rounds = [];
  for (let round = 1; round <= Number(options.rounds); round++) {
    const page = context.pages()[0] ?? (await context.newPage());
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.clearBrowserCache");
    await devtools.detach();
    const result = await lighthouse(origin + address, {
      port,
      logLevel: "error",
      onlyCategories: Object.keys(SCORES),
      // It would sign the user out.
      disableStorageReset: signedIn,
    });
    rounds.push(figuresOf(result.lhr));
    say(`${name}, round ${round}: ${JSON.stringify(rounds.at(-1))}`);
  }
  const keys = Object.keys(rounds[0]).filter((key) => key !== "failed");
  const medians = keys.map((key) => [key, median(rounds.map((each) => each[key]))]);
  const failed = [...new Set(rounds.flatMap((each) => each.failed))];
  return { name, lcpGoalMs: lcpMs, ...Object.fromEntries(medians), failed };
}

function figuresOf({ audits, categories, environment, finalDisplayedUrl }) {
  const requests = audits["network-requests"].details.items;
  const scored = ["accessibility", "best-practices"].flatMap((id) => categories[id].auditRefs);
  return {
    performance: Math.round(categories.performance.score * 100),
    accessibility: Math.round(categories.accessibility.score * 100),
    "best-practices": Math.round(categories["best-practices"].score * 100),
    fcpMs: Math.round(audits["first-contentful-paint"].numericValue),
    lcpMs: Math.round(audits["largest-contentful-paint"].numericValue),
    tbtMs: Math.round(audits["total-blocking-time"].numericValue),
    cls: audits["cumulative-layout-shift"].numericValue,
    requests: requests.length,
    bytes: requests.reduce((sum, { transferSize = 0 }) => sum + transferSize, 0),
    speed: environment.benchmarkIndex,
    failed: scored
      .filter(({ id, weight }) => weight > 0 && (audits[id].score ?? 1) < 1)
      .map(({ id }) => `${id} (${new URL(finalDisplayedUrl).pathname})`),
  };
}

/** Sign up and upload pictures, so that the library shows thumbnails. */
async function fillLibrary(context, origin) {
  const page = await context.newPage();
  await page.goto(`${origin}/signup`);
  await page.getByLabel("Username").fill("benchmark");
  await page.getByLabel("Password").fill("a long passphrase for a benchmark");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("link", { name: "Upload", exact: true }).first().click();
  const files = Array.from({ length: FILES }, (_, index) => ({
    name: `Picture ${index + 1}.png`,
    mimeType: "image/png",
    buffer: picture(1200, 900, index),
  }));
  await page.getByTestId("files").setInputFiles(files);
  await page.getByText(`${FILES} files uploaded`).first().waitFor({ timeout: 180_000 });
  await page.getByRole("link", { name: "Library", exact: true }).first().click();
  // The thumbnails that the page shows first; others are loaded when they come into view.
  await page.waitForFunction(
    () => [...document.images].filter((image) => /X-Amz-Signature/.test(image.src)).length >= 8,
    undefined,
    { timeout: 180_000 },
  );
  await page.close();
}

async function startStack(directory) {
  const python = process.env.PYTHON ?? path.join(ROOT, ".venv/bin/python");
  const port = await freePort();
  const child = spawn(python, ["-m", "local", "--end-with-parent"], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: String(port),
      DATA_DIR: path.join(directory, "data"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      log = (log + text).slice(-8000);
    });
  }
  undo.push(async () => {
    if (child.exitCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  });
  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_MS;
  while (!(await isHealthy(origin))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`The service did not start:\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return origin;
}

async function isHealthy(origin) {
  try {
    return (await fetch(`${origin}/health`)).ok;
  } catch {
    return false;
  }
}

/** Start Chromium with a profile of its own, which Lighthouse reaches by the port. */
async function startBrowser(directory) {
  const port = await freePort();
  const context = await chromium.launchPersistentContext(path.join(directory, "profile"), {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [`--remote-debugging-port=${port}`, "--no-sandbox", "--disable-gpu", "--no-first-run"],
  });
  undo.push(() => context.close());
  return { context, port };
}

async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

function print(rows, version) {
  const machine = {
    processor: os.cpus()[0]?.model,
    cores: os.cpus().length,
    load: os.loadavg()[0],
  };
  if (options.json) {
    console.log(JSON.stringify({ machine, chromium: version, rows }, undefined, 1));
    return;
  }
  console.log(`Machine: ${machine.processor}, ${machine.cores} cores, load ${machine.load}`);
  const speeds = rows.map(({ name, speed }) => `${speed} during ${name}`).join(", ");
  console.log(`Lighthouse's benchmark of the processor: ${speeds}`);
  console.log(
    `Medians of ${options.rounds} rounds; 1.6 Mbit/s, 150 ms, processor 4 times slower\n`,
  );
  console.log(
    "| page | performance | accessibility | best practices | FCP, s | LCP, s | TBT, ms | CLS | requests | kB |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const row of rows) {
    const scores = Object.keys(SCORES).map((key) => row[key]);
    const times = [seconds(row.fcpMs), seconds(row.lcpMs), row.tbtMs];
    const rest = [row.cls.toFixed(3), row.requests, Math.round(row.bytes / 1000)];
    console.log(`| ${[row.name, ...scores, ...times, ...rest].join(" | ")} |`);
  }
  console.log();
  for (const row of rows) {
    goal(
      row.name,
      "LCP",
      seconds(row.lcpMs),
      "at most",
      seconds(row.lcpGoalMs),
      row.lcpMs <= row.lcpGoalMs,
    );
    for (const [key, least] of Object.entries(SCORES)) {
      goal(row.name, key, row[key], "at least", least, row[key] >= least);
    }
    if (row.failed.length > 0)
      console.log(`- ${row.name} lost points for: ${row.failed.join(", ")}`);
  }
}

function goal(page, what, measured, comparison, limit, met) {
  console.log(
    `- ${met ? "met" : "MISSED"}: ${page}, ${what}: ${measured} (goal: ${comparison} ${limit})`,
  );
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function seconds(ms) {
  return (ms / 1000).toFixed(2);
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
