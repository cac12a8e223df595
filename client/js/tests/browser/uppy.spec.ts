import { truncate } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { bytes, sha256 } from "../../../web/tests/browser/support/files.ts";
import { arrived, expect, partsOf, signIn, test } from "./support/test.ts";

const LARGE_BYTES = 20_000_000;

function item(page: Page, name: string): Locator {
  return page.locator(".uppy-Dashboard-Item").filter({ hasText: name });
}

/** The messages of the Dashboard, which has two places for them. */
function informer(page: Page): Locator {
  return page.locator(".uppy-Informer").first();
}

async function choose(page: Page, paths: readonly string[]): Promise<void> {
  await page
    .locator("input.uppy-Dashboard-input:not([webkitdirectory])")
    .first()
    .setInputFiles([...paths]);
}

async function upload(page: Page, paths: readonly string[]): Promise<void> {
  await choose(page, paths);
  await page.getByRole("button", { name: /^Upload \d+ files?$/ }).click();
}

test("the Dashboard uploads files, shows why one is refused, and retries it", async ({
  open,
  files,
  stored,
  line,
}) => {
  const page = await open("uppy/dist");
  const large = bytes(LARGE_BYTES, 1);
  const small = bytes(50_000, 2);
  await upload(page, [
    await files.write("large.bin", large),
    await files.write("small.txt", small),
    await files.write("refused.json", "{}"),
  ]);
  await expect(page.locator(".uppy-Dashboard-Item.is-complete")).toHaveCount(2);
  await expect(item(page, "refused.json")).toHaveClass(/is-error/);
  const dialog = page.waitForEvent("dialog");
  const details = page.getByRole("button", { name: "Show error details" }).first().click();
  expect((await dialog).message()).toContain("application/json");
  await (await dialog).accept();
  await details;
  const asked = line.operations.filter((name) => name === "RequestUploads").length;
  await page.locator(".uppy-StatusBar-actions").getByRole("button", { name: /retry/i }).click();
  await expect
    .poll(() => line.operations.filter((name) => name === "RequestUploads").length)
    .toBe(asked + 1);
  await expect(item(page, "refused.json")).toHaveClass(/is-error/);
  expect(line.sent.filter(({ bytes }) => bytes > 1_000_000)).toHaveLength(2);
  expect(await stored()).toEqual([
    { filename: "large.bin", size: LARGE_BYTES, status: "STORED", sha256: sha256(large) },
    { filename: "small.txt", size: 50_000, status: "STORED", sha256: sha256(small) },
  ]);
});

test("Uppy's own restrictions apply", async ({ open, files }) => {
  const page = await open("uppy/dist");
  const huge = await files.write("huge.bin", "");
  await truncate(huge, 201 * 1024 ** 2);
  await choose(page, [huge, await files.write("small.txt", "small")]);
  await expect(item(page, "small.txt")).toBeVisible();
  await expect(item(page, "huge.bin")).toBeHidden();
  await expect(informer(page)).toContainText("exceeds maximum allowed size");
});

test("a file is paused, resumed and removed", async ({ open, files, stored, line }) => {
  const page = await open("uppy/dist");
  const release = line.hold(2);
  await upload(page, [
    await files.write("film.bin", bytes(LARGE_BYTES, 3)),
    await files.write("notes.txt", "notes"),
  ]);
  const film = item(page, "film.bin");
  await arrived(line, [1, 1]);
  await film.getByRole("button", { name: "Pause upload" }).click();
  await film.getByRole("button", { name: "Resume upload" }).click();
  await expect(film.getByRole("button", { name: "Pause upload" })).toBeVisible();
  await film.getByRole("button", { name: "Remove file" }).click();
  await expect(film).toBeHidden();
  await expect(page.locator(".uppy-StatusBar.is-complete")).toBeVisible();
  await expect
    .poll(async () => (await stored()).map(({ status }) => status))
    .toEqual(["CANCELLED", "STORED"]);
  release();
});

test("after a reload, only the rest of a file is sent", async ({
  open,
  files,
  stored,
  line,
  username,
}) => {
  const page = await open("uppy/dist");
  const release = line.hold(2);
  const data = bytes(LARGE_BYTES, 4);
  const path = await files.write("film.bin", data);
  await upload(page, [path]);
  await arrived(line, [1]);
  page.once("dialog", (dialog) => void dialog.accept());
  await page.reload();
  release();
  await signIn(page, username);
  await expect(informer(page)).toContainText("Add their files again");
  await upload(page, [path]);
  await expect(item(page, "film.bin")).toHaveClass(/is-complete/);
  expect(partsOf(line)).toEqual([1, 2]);
  expect(await stored()).toEqual([
    { filename: "film.bin", size: LARGE_BYTES, status: "STORED", sha256: sha256(data) },
  ]);
});
