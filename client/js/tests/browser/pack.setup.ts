import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test as setup } from "@playwright/test";
import { buildExamples, CONSUMER, install, pack } from "./support/consumer.ts";

setup("the package is packed and installed, and its examples are built", async () => {
  const tarball = `${CONSUMER}.tgz`;
  await pack(tarball);
  await install(tarball, CONSUMER);
  const installed = await readdir(join(CONSUMER, "node_modules"));
  expect(installed.filter((name) => !name.startsWith("."))).toEqual(["media-upload"]);
  await buildExamples(CONSUMER);
  await writeFile(join(CONSUMER, "index.html"), "<!doctype html><title>Blank</title>");
});
