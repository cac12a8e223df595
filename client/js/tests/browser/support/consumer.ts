import { execFile } from "node:child_process";
import { cp, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const PACKAGE = join(import.meta.dirname, "../../..");
const SOURCES = [
  "LICENSE",
  "README.md",
  "package.json",
  "rolldown.config.ts",
  "scripts",
  "src",
  "tsconfig.json",
  "tsconfig.build.json",
];
const run = promisify(execFile);

/** A project that has installed the package; React, Vite and Uppy come from the folders above. */
export const CONSUMER = join(PACKAGE, "build/consumer");

/**
 * Pack the package into a tarball, whose folder must be below the workspace for its tools. A copy is
 * packed: the `dist` of the package itself stays as it is, since other tests use it.
 */
export async function pack(tarball: string): Promise<void> {
  const copy = `${tarball}.sources`;
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy, { recursive: true });
  for (const name of SOURCES) await cp(join(PACKAGE, name), join(copy, name), { recursive: true });
  await run("npm", ["pack", "--loglevel", "error"], { cwd: copy });
  const packed = (await readdir(copy)).find((name) => name.endsWith(".tgz"));
  if (packed === undefined) throw new Error("npm pack wrote no tarball.");
  await rename(join(copy, packed), tarball);
}

/** Install a tarball, and nothing else, in a project in `directory`. */
export async function install(tarball: string, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await rm(join(directory, "node_modules"), { recursive: true, force: true });
  await writeFile(join(directory, "package.json"), '{ "private": true, "type": "module" }\n');
  const options = ["--offline", "--no-audit", "--no-fund", "--no-package-lock"];
  await run("npm", ["install", ...options, tarball], { cwd: directory });
}

/** Copy the examples to a project, and build those that need it, as their users do. */
export async function buildExamples(directory: string): Promise<void> {
  const examples = join(directory, "examples");
  await rm(examples, { recursive: true, force: true });
  await cp(join(PACKAGE, "examples"), examples, { recursive: true });
  await build(join(examples, "react"), "production", "dist");
  // In its development mode only, React runs the effects of Strict Mode twice.
  await build(join(examples, "react"), "development", "dist-development");
  await build(join(examples, "uppy"), "production", "dist");
}

async function build(cwd: string, mode: string, outDir: string): Promise<void> {
  const options = ["--mode", mode, "--outDir", outDir, "--base", "./", "--logLevel", "warn"];
  await run("npx", ["vite", "build", ...options], {
    cwd,
    // The test runners have another mode.
    env: { ...process.env, NODE_ENV: mode },
  });
}
