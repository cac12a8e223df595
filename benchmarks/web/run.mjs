#!/usr/bin/env node
/**
 * Compares our package with @uppy/aws-s3, in one Chromium on one network; for
 * the smallest files also with the media command.
 *
 *   npm --silent --prefix benchmarks/web start -- [--json] [--rounds 5] [--round-trip-ms 60]
 *       [--window-kib 1024] [--large-mib 256] [--small-files 200] [--tiny-files 3000]
 *
 * Needs the dependencies that `make setup` installs, and Chromium (CHROMIUM=/path/to/chromium if it
 * is not /usr/bin/chromium).
 *
 * The network is simulated by the proxy in line.mjs. Its default window and round trip limit each
 * connection to 16.7 MiB/s, as on the Internet, where one connection does not use all bandwidth.
 * --window-kib 0 removes that limit, and so measures how fast this machine copies bytes.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { randomFillSync } from "node:crypto";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { build } from "vite";
import { createLine } from "./line.mjs";
import {
  atEnd,
  BIN,
  browserOptions,
  freePort,
  run,
  say,
  startPython,
  temporaryDirectory,
} from "./processes.mjs";
import { print } from "./report.mjs";
import { createSite } from "./site.mjs";

const HERE = import.meta.dirname;
const CONTENDERS = ["engine", "uppy"];

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    "window-kib": { type: "string", default: "1024" },
    "round-trip-ms": { type: "string", default: "60" },
    "large-mib": { type: "string", default: "256" },
    "small-files": { type: "string", default: "200" },
    "tiny-files": { type: "string", default: "3000" },
    json: { type: "boolean", default: false },
  },
});

await run(main);

async function main() {
  const directory = await temporaryDirectory("web-benchmark-");
  const roundTripMs = Number(options["round-trip-ms"]);
  const windowBytes = Number(options["window-kib"]) * 1024 || Number.POSITIVE_INFINITY;
  say("Building the page and starting the service …");
  const site = await buildPage(path.join(directory, "page"));
  const toBucket = await line({ roundTripMs, windowBytes });
  const toSite = await line({ roundTripMs });
  const stack = await startStack(directory, `http://127.0.0.1:${toBucket.port}`);
  toBucket.connect(stack.bucket);
  const { port } = await serve(site, stack.api);
  toSite.connect(port);
  const cases = {
    [`1 file of ${options["large-mib"]} MiB`]: await files(
      directory,
      "large",
      1,
      Number(options["large-mib"]) * 2 ** 20,
    ),
    [`${options["small-files"]} files of 100 kB`]: await files(
      directory,
      "small",
      Number(options["small-files"]),
      100_000,
    ),
    [`${options["tiny-files"]} files of 1 kB`]: await files(
      directory,
      "tiny",
      Number(options["tiny-files"]),
      1000,
    ),
  };
  const browser = await startBrowser();
  const version = browser.version();
  const address = `http://127.0.0.1:${toSite.port}/`;
  const token = await onPage(browser, address, (page) =>
    page.evaluate(() => bench.signUp("bench")),
  );
  const measured = [];
  for (let round = 0; round <= Number(options.rounds); round++) {
    for (const [name, paths] of Object.entries(cases)) {
      const tiny = name === Object.keys(cases).at(-1);
      // Alternate the order, so that neither contender always comes first.
      const contenders = round % 2 === 0 ? [...CONTENDERS] : [...CONTENDERS].reverse();
      if (tiny) contenders.push("media");
      for (const contender of contenders) {
        const call = { address, token, contender, paths, toBucket, toSite };
        const result = await measure(browser, call);
        say(
          `${round === 0 ? "warm-up" : `round ${round}`}: ${contender}, ${name}: ${Math.round(result.ms)} ms`,
        );
        // The first round warms up the caches of the system and the service.
        if (round > 0) measured.push({ name, contender, ...result });
      }
    }
  }
  print({ measured, options, version, cases: Object.keys(cases), json: options.json });
}

async function measure(browser, { address, token, contender, paths, toBucket, toSite }) {
  // A page in a new browser context opens new connections.
  return onPage(browser, address, async (page) => {
    await page.setInputFiles("input", paths);
    toBucket.takeRequests();
    toSite.takeRequests();
    const { ids, beganAt, ...measured } =
      contender === "media"
        ? await runCommand(address, token, paths)
        : await page.evaluate(
            ([name, accessToken]) => bench.measure(name, accessToken),
            [contender, token],
          );
    const bucket = toBucket.takeRequests();
    const site = toSite.takeRequests();
    if (ids.length !== paths.length)
      throw new Error(`Only ${ids.length} of ${paths.length} files were stored.`);
    await page.evaluate(([stored, accessToken]) => bench.deleteMany(stored, accessToken), [
      ids,
      token,
    ]);
    return {
      ...measured,
      firstPutMs: bucket.firstPutAt - beganAt,
      ...{ put: bucket.PUT ?? 0, preflight: bucket.OPTIONS ?? 0, api: site.POST ?? 0 },
    };
  });
}

/** Send the files with the media command; its start is included. */
async function runCommand(address, token, paths) {
  const beganAt = Date.now();
  const began = performance.now();
  const child = spawn(path.join(BIN, "media"), ["upload", "--json", ...paths], {
    env: { HOME: path.dirname(paths[0]), MEDIA_URL: address, MEDIA_TOKEN: token },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ids = [];
  for await (const text of createInterface({ input: child.stdout })) ids.push(JSON.parse(text).id);
  return { ms: performance.now() - began, beganAt, ids };
}

async function onPage(browser, address, use) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && say(`page: ${message.text()}`));
  page.on("pageerror", (error) => say(`page: ${error.stack}`));
  try {
    await page.goto(address);
    await page.waitForFunction(() => "bench" in globalThis);
    return await use(page);
  } finally {
    await context.close();
  }
}

async function buildPage(outDir) {
  await build({
    root: HERE,
    configFile: false,
    logLevel: "error",
    build: { outDir, target: "es2022", emptyOutDir: true, minify: true },
  });
  return outDir;
}

async function line(settings) {
  const created = await createLine(settings);
  atEnd(() => created.close());
  return created;
}

async function serve(directory, apiPort) {
  const created = await createSite(directory, apiPort);
  atEnd(() => created.close());
  return created;
}

async function startStack(directory, publicUrl) {
  const port = await freePort();
  const words = ["-m", "benchmarks.web.stack", path.join(directory, "stack"), `${port}`, publicUrl];
  const stack = startPython(words, { cwd: directory, env: { HOME: directory } });
  for await (const text of createInterface({ input: stack.child.stdout })) {
    if (text.startsWith("{")) {
      stack.child.stdout.resume();
      return JSON.parse(text);
    }
  }
  throw new Error(`The service did not start:\n${stack.log}`);
}

async function startBrowser() {
  // Otherwise, the size of the heap is rounded.
  const browser = await chromium.launch(browserOptions("--enable-precise-memory-info"));
  atEnd(() => browser.close());
  return browser;
}

/** Write files of random bytes to disk, since users' files are on disk too; returns their paths. */
async function files(directory, name, count, size) {
  const block = Buffer.alloc(Math.min(size, 2 ** 20));
  const paths = [];
  for (let number = 1; number <= count; number++) {
    const file = path.join(directory, `${name}-${number}.bin`);
    const stream = createWriteStream(file);
    for (let left = size; left > 0; left -= block.length) {
      randomFillSync(block);
      if (!stream.write(Buffer.from(block.subarray(0, left)))) await once(stream, "drain");
    }
    stream.end();
    await once(stream, "close");
    paths.push(file);
  }
  return paths;
}
