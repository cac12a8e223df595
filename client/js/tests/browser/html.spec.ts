import type { Page } from "@playwright/test";
import { bytes, sha256 } from "../../../web/tests/browser/support/files.ts";
import { arrived, expect, partsOf, signIn, test } from "./support/test.ts";

const LARGE_BYTES = 20_000_000;

function row(page: Page, name: string) {
  return page.getByRole("listitem").filter({ hasText: name });
}

function choose(page: Page, paths: readonly string[]): Promise<void> {
  return page.locator("media-upload input[type=file]").setInputFiles([...paths]);
}

test("a form sends the ids of its files, and only when all are stored", async ({
  open,
  files,
  stored,
  line,
}) => {
  const page = await open("html");
  await page.getByLabel("Title").fill("Sea");
  await page.getByRole("button", { name: "Send" }).click();
  const valid = () =>
    page.evaluate(() => document.querySelector<HTMLFormElement>("#contest")?.checkValidity());
  expect(await valid()).toBe(false);
  const release = line.hold(2);
  const large = bytes(LARGE_BYTES, 1);
  await choose(page, [
    await files.write("large.bin", large),
    await files.write("note.txt", "Hello"),
    await files.write("refused.json", "{}"),
  ]);
  await expect(row(page, "note.txt")).toContainText("Uploaded");
  await expect(row(page, "refused.json")).toContainText("application/json");
  await expect(row(page, "large.bin").getByRole("progressbar")).toBeVisible();
  expect(await valid()).toBe(false);
  release();
  await expect(row(page, "large.bin")).toContainText("Uploaded");
  expect(await valid()).toBe(true);
  await page.getByRole("button", { name: "Send" }).click();
  const sent = (await page.locator("output").textContent()) ?? "";
  expect(sent).toMatch(/^Sea: [\w-]+, [\w-]+$/);
  expect((await stored()).map(({ filename, sha256 }) => [filename, sha256])).toEqual([
    ["large.bin", sha256(large)],
    ["note.txt", sha256(Buffer.from("Hello"))],
  ]);
  // A removed file leaves the form.
  await row(page, "note.txt").getByRole("button", { name: "Remove: note.txt" }).click();
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.locator("output")).toHaveText(/^Sea: [\w-]+$/);
});

test("everything works by keyboard and is announced", async ({ open, files, line }) => {
  const page = await open("html");
  line.hold(1);
  await choose(page, [await files.write("film.bin", bytes(LARGE_BYTES, 2))]);
  await expect(row(page, "film.bin").getByRole("button")).toHaveCount(2);
  await page.getByLabel("Title").focus();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Choose files" })).toBeFocused();
  await page.keyboard.press("Tab"); // Pause all.
  await page.keyboard.press("Tab");
  const pause = row(page, "film.bin").getByRole("button", { name: "Pause: film.bin" });
  if (!(await pause.evaluate((node) => node.matches(":focus")))) await page.keyboard.press("Tab");
  await expect(pause).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(row(page, "film.bin")).toContainText("Paused");
  // The focus stays in the row, although its buttons have changed.
  await expect(row(page, "film.bin").locator(":focus")).toHaveCount(1);
  await expect(page.locator("media-upload [role=status]")).toHaveText(/1 left/);
});

test("after a reload, the file is chosen again and only the rest is sent", async ({
  open,
  files,
  line,
  username,
}) => {
  const page = await open("html");
  const release = line.hold(2);
  const path = await files.write("film.bin", bytes(LARGE_BYTES, 3));
  await choose(page, [path]);
  await arrived(line, [1]);
  await page.waitForTimeout(500); // The journal is written a moment later.
  page.on("dialog", (dialog) => void dialog.accept());
  await page.reload();
  release();
  await signIn(page, username);
  await expect(row(page, "film.bin")).toContainText("Choose this file again");
  await choose(page, [path]);
  await expect(row(page, "film.bin")).toContainText("Uploaded");
  expect(partsOf(line)).toEqual([1, 2]);
});

test("thousands of files are shown in few rows", async ({ open, line }) => {
  const page = await open("html");
  line.hold(1);
  await page.evaluate(() => {
    const input = document.querySelector("media-upload")?.shadowRoot?.querySelector("input");
    const transfer = new DataTransfer();
    for (let index = 0; index < 3000; index++) {
      transfer.items.add(new File([String(index)], `${index}.txt`, { type: "text/plain" }));
    }
    if (input != null) input.files = transfer.files;
    input?.dispatchEvent(new Event("change"));
  });
  await expect(page.getByText("and 2950 more")).toBeVisible();
  expect(await page.getByRole("listitem").count()).toBe(50);
});

test("screenshots of the element", async ({ open, files, line }) => {
  const page = await open("html");
  const release = line.hold(2);
  await choose(page, [
    await files.write(
      "A long film of the sea that nobody has ever watched to its end.bin",
      bytes(LARGE_BYTES, 4),
    ),
    await files.write("note.txt", "Hello"),
    await files.write("refused.json", "{}"),
  ]);
  await expect(row(page, "note.txt")).toContainText("Uploaded");
  await expect(row(page, "refused.json")).toContainText("application/json");
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const [size, width] of [
      ["desktop", 1000],
      ["phone", 360],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: `screenshots/element-${colorScheme}-${size}.png` });
      const scroll = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(scroll).toBeLessThanOrEqual(0);
    }
  }
  release();
});
