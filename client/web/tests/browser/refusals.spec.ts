import { truncate } from "node:fs/promises";
import { bytes } from "./support/files.ts";
import { choose, expect, QUOTA_BYTES, test, uploaded, visit } from "./support/test.ts";

test("a file of an unsupported type is rejected when it is chosen", async ({
  member,
  files,
  line,
}) => {
  await choose(member, [await files.write("program.exe", "MZ")]);
  await expect(member.locator(".uppy-Informer").first()).toContainText("You can only upload");
  expect(line.operations).not.toContain("RequestUploads");
});

test("a file that exceeds the quota is rejected before any of it is sent", async ({
  member,
  files,
  line,
}) => {
  const path = await files.write("huge.bin", "");
  await truncate(path, QUOTA_BYTES + 200_000_000);
  await choose(member, [path, await files.write("small.txt", "There is room for me.")]);
  await expect(member.locator(".uppy-Dashboard")).toContainText("Failed to upload huge.bin");
  await expect(member.locator(".uppy-Informer").first()).toContainText("Failed to upload huge.bin");
  await expect(member.locator(".uppy-Dashboard-Item.is-complete")).toContainText("small.txt");
  expect(line.sent).toHaveLength(1);

  await visit(member, "Library");
  await expect(member.getByRole("heading", { name: "Library 1 file" })).toBeVisible();
});

test("files that S3 rejected can be retried", async ({ member, files, line }) => {
  line.rejectPuts = true;
  await choose(member, [
    await files.write(`${"a long name ".repeat(16)}.txt`, "Hello"),
    await files.write("film.bin", bytes(20_000_000, 8)),
  ]);
  await expect(member.locator(".uppy-StatusBar.is-error")).toBeVisible();
  await expect(member.locator(".uppy-Informer").first()).toContainText("Failed to upload");
  line.rejectPuts = false;
  await member.locator(".uppy-StatusBar-actionBtn--retry").click();
  await uploaded(member);
  await visit(member, "Library");
  await expect(member.getByRole("heading", { name: "Library 2 files" })).toBeVisible();
});
