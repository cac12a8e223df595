import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { describe, expect, test } from "vitest";
import { INSTALLED, PROJECT, ROOT, TARBALL } from "./installed.ts";

const run = promisify(execFile);
const BIN = join(ROOT, "client/node_modules/.bin");

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
}

interface Manifest {
  readonly version: string;
  readonly dependencies?: object;
  readonly exports: Record<string, string | Record<string, string>>;
}

async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
}

describe("the tarball", () => {
  test("contains the build, the types, the README and the license, and nothing else", async () => {
    const files = await filesOf(INSTALLED);
    const others = files.filter((file) => !/^dist\/(chunks\/)?\w+\.js$/.test(file));
    expect(others.filter((file) => !/^dist\/types\/.+\.d\.ts$/.test(file)).sort()).toEqual([
      "LICENSE",
      "README.md",
      "package.json",
    ]);
    expect(files.filter((file) => /test|fakes/.test(file))).toEqual([]);
  });

  test("names no folder of this machine, no source map and no TypeScript source", async () => {
    for (const file of await filesOf(INSTALLED)) {
      const text = await readFile(join(INSTALLED, file), "utf8");
      expect.soft(text, file).not.toContain(ROOT);
      expect.soft(text, file).not.toContain("sourceMappingURL");
      if (file.startsWith("dist/")) {
        expect.soft(text, file).not.toMatch(/(?:from|import)\s*\(?\s*["'][^"']+\.tsx?["']/);
      }
    }
  });

  test("has no dependencies, and each of its entries exists", async () => {
    const { dependencies, exports } = await manifestOf(INSTALLED);
    expect(dependencies).toBeUndefined();
    const targets = Object.values(exports).flatMap((target) =>
      typeof target === "string" ? [target] : Object.values(target),
    );
    const files = await filesOf(INSTALLED);
    expect(targets.filter((target) => !files.includes(target.slice(2)))).toEqual([]);
  });

  test("passes publint", async () => {
    const { messages } = await publint({ pkgDir: INSTALLED, strict: true, pack: false });
    expect(messages).toEqual([]);
  });

  test("passes arethetypeswrong for ES modules", async () => {
    const { stdout } = await run(join(BIN, "attw"), [TARBALL, "--profile", "esm-only"], {
      env: { ...process.env, NO_COLOR: "1" },
    });
    // The four entries and package.json; the command fails if one of them has a problem.
    expect(stdout.match(/node16 \(from ESM\): 🟢/g)).toHaveLength(5);
  });
});

test("the React entry is a client module for bundlers with server components", async () => {
  expect(await readFile(join(INSTALLED, "dist/react.js"), "utf8")).toMatch(/^"use client";/);
});

describe("the examples", () => {
  const EXAMPLES = join(ROOT, "client/js/examples");

  test("install this version of the package", async () => {
    const { version } = await manifestOf(INSTALLED);
    for (const name of ["react", "uppy"]) {
      const { dependencies } = await manifestOf(join(EXAMPLES, name));
      expect.soft(dependencies, name).toMatchObject({ "media-upload": version });
    }
  });

  test("sign in with the same code", async () => {
    const [one, other] = await Promise.all(
      ["react", "uppy"].map((name) => readFile(join(EXAMPLES, name, "src/session.ts"), "utf8")),
    );
    expect(other).toBe(one);
  });
});

describe("on a server", () => {
  const SCRIPT = `
    const before = Object.keys(globalThis).sort().join();
    for (const name of ["window", "document", "customElements"]) {
      if (name in globalThis) throw new Error(name);
    }
    await import("media-upload");
    await import("media-upload/react");
    await import("media-upload/element");
    await import("media-upload/uppy");
    if (Object.keys(globalThis).sort().join() !== before) throw new Error("globals changed");
    process.stdout.write("imported");`;

  test("importing the entries has no effects, and the process ends", async () => {
    const { stdout, stderr } = await run(
      process.execPath,
      ["--input-type=module", "--eval", SCRIPT],
      { cwd: PROJECT },
    );
    expect([stdout, stderr]).toEqual(["imported", ""]);
  });

  test("a queue that was never closed does not keep the process alive", async () => {
    const script = `
      const { createUploads } = await import("media-upload");
      const uploads = createUploads({ endpoint: "https://x.test/graphql", getToken: () => "" });
      uploads.subscribe(() => undefined);
      process.stdout.write(String(uploads.snapshot.files));`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: PROJECT,
      timeout: 20_000, // Ends a process that hangs.
    });
    expect(stdout).toBe("0");
  });
});
