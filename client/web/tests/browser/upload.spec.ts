import { readFile } from "node:fs/promises";
import { bytes, png, sha256 } from "./support/files.ts";
import { choose, expect, summaryOf, test, uploaded, visit } from "./support/test.ts";

test("three files, one of 200 MB, are uploaded and downloaded unchanged", async ({
  member,
  files,
  line,
}) => {
  const large = bytes(200_000_000, 1);
  await choose(member, [
    await files.write("notes.txt", "Hello, bucket!"),
    await files.write("picture.png", png(320, 240, 1)),
    await files.write("large.bin", large),
  ]);
  await expect(summaryOf(member)).toContainText(/Uploading \d files?/);
  await uploaded(member);
  // One request for both small files, with their URLs, and one for the large file.
  expect(line.operations.filter((name) => name === "RequestUploads")).toHaveLength(2);
  // No failure, and nothing is sent twice. On a busy machine, the engine may take back a part that
  // has just begun (its status stays undefined), so that fewer share the line.
  const answered = line.sent.filter(({ status }) => status !== undefined);
  expect(answered.filter(({ status }) => status !== 200)).toEqual([]);
  const parts = answered.map(({ uploadId, part }) => `${uploadId}/${part}`);
  expect(new Set(parts).size).toBe(parts.length);

  await visit(member, "Library");
  await expect(member.getByRole("heading", { name: "Library 3 files" })).toBeVisible();
  await expect(member.locator(".badge", { hasText: "Incomplete" })).toHaveCount(0);
  const picture = member.locator(".card", { hasText: "picture.png" }).locator("img");
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBe(320);

  await member.getByRole("button", { name: "Details of large.bin" }).click();
  const downloading = member.waitForEvent("download");
  await member.getByRole("complementary").getByRole("button", { name: "Download" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("large.bin");
  expect(sha256(await readFile(await download.path()))).toBe(sha256(large));
});
