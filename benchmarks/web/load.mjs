#!/usr/bin/env node
/**
 * Prints what Lighthouse says about the first load of the web client's pages, beside the goals.
 *
 *   npm --silent --prefix benchmarks/web run load -- [--json] [--rounds 3] [--applied] [--cpu 4]
 *
 * Needs the dependencies that `make setup` installs, the built web client, and Chromium
 * (CHROMIUM=/path/to/chromium if it is not /usr/bin/chromium). Each round begins with an empty cache.
 *
 * The network (1.6 Mbit/s, round trips of 150 ms) and the processor (4 times slower) are simulated:
 * Lighthouse computes their effect from a load without limits, so a busy machine adds less noise. With
 * `--applied`, the browser slows down both, and times are those that a user would see. Four times is
 * meant for machines for which Lighthouse's benchmark prints 1,500 to 2,000; use less on a slower one
 * (Lighthouse, docs/throttling.md, "Calibrating the CPU slowdown").
 */
import path from "node:path";
import { parseArgs } from "node:util";
import lighthouse from "lighthouse";
import { throttling } from "lighthouse/core/config/constants.js";
import { chromium } from "playwright-core";
import {
  goalOf,
  machineOf,
  median,
  printGoal,
  printMachine,
  printTable,
  seconds,
} from "./figures.mjs";
import { picture } from "./picture.mjs";
import {
  atEnd,
  browserOptions,
  freePort,
  run,
  say,
  startService,
  temporaryDirectory,
} from "./processes.mjs";

const FILES = 24;
const SCORES = { performance: 95, accessibility: 100, "best-practices": 100 };
/** The pages, in the order of visits: those for visitors come before the browser knows a user. */
const LOGIN = { name: "login", signedIn: false, lcpMs: 2000 };
const LIBRARY = { name: "library", signedIn: true, lcpMs: 2500 };
const VIEWER = { name: "viewer", signedIn: true, lcpMs: 2500 };
const HEAD = [
  ...["page", "performance", "accessibility", "best practices", "FCP, s", "LCP, s"],
  ...["TBT, ms", "CLS", "requests", "kB"],
];

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
    applied: { type: "boolean", default: false },
    cpu: { type: "string", default: "4" },
  },
});

await run(main);

async function main() {
  const directory = await temporaryDirectory("web-load-");
  say("Starting the service …");
  const origin = await startService(path.join(directory, "data"));
  const browser = await startBrowser(path.join(directory, "profile"));
  const rows = [await measure(browser, `${origin}/login`, LOGIN)];
  say(`Uploading ${FILES} pictures …`);
  const id = await fillLibrary(browser.context, origin);
  rows.push(await measure(browser, `${origin}/library`, LIBRARY));
  rows.push(await measure(browser, `${origin}/library?view=${id}`, VIEWER));
  print(rows, browser.context.browser()?.version());
}

/** Return the median of each figure over all rounds. */
async function measure({ context, port }, address, { name, signedIn, lcpMs }) {
  const rounds = [];
  for (let round = 1; round <= Number(options.rounds); round++) {
    const page = context.pages()[0] ?? (await context.newPage());
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.clearBrowserCache");
    await devtools.detach();
    const result = await lighthouse(address, {
      port,
      logLevel: "error",
      onlyCategories: Object.keys(SCORES),
      throttlingMethod: options.applied ? "devtools" : "simulate",
      throttling: { ...throttling.mobileSlow4G, cpuSlowdownMultiplier: Number(options.cpu) },
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

/** Sign up and upload pictures, so that the library shows thumbnails; returns the id of one. */
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
  const id = await page.locator("[data-upload]").first().getAttribute("data-upload");
  await page.close();
  return id;
}

/** Start Chromium with a profile of its own, which Lighthouse reaches by the port. */
async function startBrowser(profile) {
  const port = await freePort();
  const settings = browserOptions(`--remote-debugging-port=${port}`);
  const context = await chromium.launchPersistentContext(profile, settings);
  atEnd(() => context.close());
  return { context, port };
}

function print(rows, version) {
  const machine = machineOf(version);
  const goals = rows.flatMap(goalsOf);
  if (options.json) {
    const { applied, cpu } = options;
    console.log(JSON.stringify({ machine, applied, cpu: Number(cpu), rows, goals }, undefined, 1));
    return;
  }
  printMachine(machine);
  const speeds = rows.map(({ name, speed }) => `${speed} during ${name}`).join(", ");
  console.log(`Lighthouse's benchmark of the processor: ${speeds}`);
  console.log(
    `Medians of ${options.rounds} rounds; 1.6 Mbit/s, 150 ms, processor ${options.cpu} times slower\n`,
  );
  printTable(HEAD, rows.map(cellsOf));
  console.log();
  for (const goal of goals) printGoal(goal);
  for (const { name, failed } of rows) {
    if (failed.length > 0) console.log(`- ${name} lost points for: ${failed.join(", ")}`);
  }
}

function cellsOf(row) {
  const scores = Object.keys(SCORES).map((key) => row[key]);
  const times = [seconds(row.fcpMs), seconds(row.lcpMs), row.tbtMs];
  const sizes = [row.cls.toFixed(3), row.requests, Math.round(row.bytes / 1000)];
  return [row.name, ...scores, ...times, ...sizes];
}

function goalsOf(row) {
  const { name, lcpMs, lcpGoalMs } = row;
  return [
    goalOf(`${name}, LCP`, lcpMs / 1000, "at most", lcpGoalMs / 1000, "s"),
    ...Object.entries(SCORES).map(([key, least]) =>
      goalOf(`${name}, ${key}`, row[key], "at least", least),
    ),
  ];
}
