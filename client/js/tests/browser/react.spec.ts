import type { Locator, Page } from "@playwright/test";
import { bytes, sha256 } from "../../../web/tests/browser/support/files.ts";
import { arrived, expect, partsOf, signIn, test } from "./support/test.ts";

const LARGE_BYTES = 20_000_000;
const UNAUTHENTICATED = JSON.stringify({
  errors: [{ message: "The token has expired.", extensions: { code: "UNAUTHENTICATED" } }],
});

function row(page: Page, name: string): Locator {
  return page.getByRole("listitem").filter({ hasText: name });
}

function choose(page: Page, paths: readonly string[]): Promise<void> {
  return page.getByLabel("Choose files").setInputFiles([...paths]);
}

test("files are uploaded from another origin, and a refused one says why", async ({
  open,
  files,
  stored,
  line,
}) => {
  const page = await open("react/dist");
  const large = bytes(LARGE_BYTES, 1);
  const small = bytes(50_000, 2);
  await choose(page, [
    await files.write("large.bin", large),
    await files.write("small.txt", small),
    await files.write("empty.txt", ""),
    await files.write("refused.json", "{}"),
  ]);
  for (const name of ["large.bin", "small.txt", "empty.txt"]) {
    await expect(row(page, name)).toContainText("stored");
  }
  await expect(row(page, "refused.json")).toContainText("failed");
  await expect(row(page, "refused.json")).toContainText("application/json");
  await expect(page.getByRole("status")).toHaveText("3 of 4 files stored, 100 %");
  expect(line.sent.filter(({ bytes }) => bytes > 1_000_000)).toHaveLength(2);
  expect(await stored()).toEqual([
    { filename: "empty.txt", size: 0, status: "STORED", sha256: sha256(Buffer.alloc(0)) },
    { filename: "large.bin", size: LARGE_BYTES, status: "STORED", sha256: sha256(large) },
    { filename: "small.txt", size: 50_000, status: "STORED", sha256: sha256(small) },
  ]);
});

test("a file that is being sent is paused, resumed and cancelled", async ({
  open,
  files,
  stored,
  line,
}) => {
  const page = await open("react/dist");
  const release = line.hold(1);
  await choose(page, [await files.write("film.bin", bytes(LARGE_BYTES, 3))]);
  const film = row(page, "film.bin");
  await expect(film).toContainText("uploading");
  await film.getByRole("button", { name: "Pause" }).click();
  await expect(film).toContainText("paused");
  await film.getByRole("button", { name: "Resume" }).click();
  await expect(film).toContainText("uploading");
  await expect.poll(async () => (await stored()).map(({ status }) => status)).toEqual(["PENDING"]);
  await film.getByRole("button", { name: "Cancel" }).click();
  await expect(film).toBeHidden();
  await expect
    .poll(async () => (await stored()).map(({ status }) => status))
    .toEqual(["CANCELLED"]);
  release();
});

test("after a reload in Strict Mode, only the rest of a file is sent", async ({
  open,
  files,
  stored,
  line,
  username,
}) => {
  const page = await open("react/dist-development");
  const release = line.hold(2);
  const data = bytes(LARGE_BYTES, 4);
  const path = await files.write("film.bin", data);
  await choose(page, [path]);
  await arrived(line, [1]);
  page.once("dialog", (dialog) => void dialog.accept());
  await page.reload();
  release();
  await signIn(page, username);
  await expect(row(page, "film.bin")).toContainText("Choose this file again to continue.");
  await choose(page, [path]);
  await expect(row(page, "film.bin")).toContainText("stored");
  expect(partsOf(line)).toEqual([1, 2]);
  expect(await stored()).toEqual([
    { filename: "film.bin", size: LARGE_BYTES, status: "STORED", sha256: sha256(data) },
  ]);
});

test("an access token that has expired is renewed, once for all files", async ({
  open,
  files,
  stored,
  line,
}) => {
  const page = await open("react/dist");
  let expired = true;
  line.rewrite = (operation, body) => {
    if (operation === "Refresh") expired = false;
    return expired ? UNAUTHENTICATED : body;
  };
  await choose(page, [
    await files.write("small.txt", "small"),
    await files.write("large.bin", bytes(LARGE_BYTES, 5)),
  ]);
  await expect(page.getByRole("status")).toHaveText("2 of 2 files stored, 100 %");
  expect(line.operations.filter((name) => name === "Refresh")).toHaveLength(1);
  expect((await stored()).map(({ status }) => status)).toEqual(["STORED", "STORED"]);
});

test("the end of a session stops the list, and says so", async ({ open, files, line }) => {
  const page = await open("react/dist");
  line.rewrite = () => UNAUTHENTICATED;
  await choose(page, [await files.write("small.txt", "small")]);
  await expect(page.getByRole("alert")).toContainText("Your session has ended.");
  await expect(page.getByRole("button", { name: "Resume all" })).toBeVisible();
});
