import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";

export const ROOT = path.join(import.meta.dirname, "../..");
export const BIN = path.join(ROOT, ".venv/bin");
const START_MS = 60_000;

const undo = [];

/** Call `step` when the benchmark ends, also after an error. */
export function atEnd(step) {
  undo.push(step);
}

/** Run a benchmark, then undo what it started, latest first. */
export async function run(main) {
  try {
    await main();
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

/** Print progress: only results go to the standard output. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Create a directory that is removed at the end. */
export async function temporaryDirectory(prefix) {
  const directory = await mkdtemp(path.join(os.tmpdir(), prefix));
  atEnd(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Start a Python program of this project, which gets SIGTERM at the end. `log` is its output's end. */
export function startPython(words, { cwd = ROOT, env = {} } = {}) {
  const child = spawn(process.env.PYTHON ?? path.join(BIN, "python"), words, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PYTHONPATH: ROOT, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const program = { child, log: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      program.log = (program.log + text).slice(-8000);
    });
  }
  atEnd(async () => {
    if (child.exitCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  });
  return program;
}

/** Start the service and the web client, as `make run` does; returns their address. */
export async function startService(dataDirectory, settings = {}) {
  const port = await freePort();
  const env = { ...settings, PORT: String(port), DATA_DIR: dataDirectory };
  const service = startPython(["-m", "local", "--end-with-parent"], { env });
  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_MS;
  while (!(await isHealthy(origin))) {
    if (service.child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`The service did not start:\n${service.log}`);
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

/** Return Playwright's options for Chromium without traffic of its own. */
export function browserOptions(...more) {
  return {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      ...more,
    ],
  };
}

export async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
