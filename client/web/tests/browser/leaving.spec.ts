import type { Page } from "@playwright/test";
import { bytes } from "./support/files.ts";
import {
  arrived,
  choose,
  expect,
  rowsOf,
  summaryOf,
  test,
  uploaded,
  visit,
} from "./support/test.ts";

const PART_BYTES = 16 * 1024 * 1024;

/** Try to close the tab. Returns whether the browser asked; if so, the tab stays open. */
async function asksWhenClosed(page: Page): Promise<boolean> {
  const asked = new Promise<true>((resolve) => {
    page.once("dialog", (dialog) => {
      expect(dialog.type()).toBe("beforeunload");
      void dialog.dismiss().then(() => resolve(true));
    });
  });
  const closed = page.waitForEvent("close").then(() => false);
  await page.close({ runBeforeUnload: true });
  return Promise.race([asked, closed]);
}

test("closing the tab asks while files are unfinished, and not otherwise", async ({
  member,
  files,
  line,
}) => {
  const release = line.hold(3);
  await choose(member, [await files.write("film.bin", bytes(3 * PART_BYTES, 2))]);
  await arrived(line, [1, 2]);
  // Browsers ask only on pages that the user has touched.
  await visit(member, "API keys");
  expect(await asksWhenClosed(member)).toBe(true);
  await rowsOf(member, "film.bin").getByRole("button", { name: "Pause" }).click();
  await expect(rowsOf(member, "film.bin")).toContainText("Paused");
  expect(await asksWhenClosed(member)).toBe(true);
  await rowsOf(member, "film.bin").getByRole("button", { name: "Resume" }).click();
  release();
  await uploaded(member);
  expect(await asksWhenClosed(member)).toBe(false);
});

test("closing the tab does not ask if nothing was uploaded", async ({ page }) => {
  await page.goto("/login");
  await page.getByLabel("Username").click();
  expect(await asksWhenClosed(page)).toBe(false);
});

test("signing out asks, also while another tab uploads", async ({
  member,
  context,
  files,
  line,
}) => {
  line.hold(1);
  const other = await context.newPage();
  await other.goto("/library");
  await choose(other, [await files.write("notes.txt", "Hello")]);
  await expect(rowsOf(other, "notes.txt")).toBeVisible();
  await expect(summaryOf(member)).toContainText("1 file in another tab");
  await member.getByRole("button", { name: "Sign out" }).click();
  const dialog = member.getByRole("dialog", { name: "Sign out while uploading?" });
  await expect(dialog).toContainText("1 file is not fully uploaded.");
  await dialog.getByRole("button", { name: "Sign out" }).click();
  // Neither tab asks again: their uploads have ended.
  await expect(member.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(other.getByText("You signed out in another tab.")).toBeVisible();
});
