import type { Page } from "@playwright/test";
import { bytes, png } from "./support/files.ts";
import { addMany, dropFiles } from "./support/drops.ts";
import { check } from "./support/pages.ts";
import {
  arrived,
  choose,
  expect,
  rowsOf,
  summaryOf,
  test,
  trayOf,
  uploaded,
  visit,
} from "./support/test.ts";

const PART_BYTES = 16 * 1024 * 1024;

/** Check the tray as a line, then open. */
async function checkBoth(page: Page, name: string): Promise<void> {
  await check(page, `tray-${name}`);
  await page.keyboard.press("Escape");
  await summaryOf(page).focus();
  await page.keyboard.press("Escape");
  await expect(summaryOf(page)).toHaveAttribute("aria-expanded", "false");
  await check(page, `tray-${name}-line`);
  await summaryOf(page).click();
}

test("the tray while files are sent, paused and offline", async ({
  member,
  files,
  line,
  context,
}) => {
  const release = line.hold(3);
  await choose(member, [
    await files.write("Film of the coast.mp4", bytes(5 * PART_BYTES, 1)),
    await files.write("Cliffs.png", png(640, 480, 4)),
  ]);
  await arrived(line, [1, 1, 2]);
  await visit(member, "Library");
  await expect(rowsOf(member, "Cliffs.png")).toContainText("Stored");
  await checkBoth(member, "running");
  await trayOf(member).getByRole("button", { name: "Pause all" }).click();
  await expect(summaryOf(member)).toContainText("Paused");
  await checkBoth(member, "paused");
  await trayOf(member).getByRole("button", { name: "Resume all" }).click();
  await context.setOffline(true);
  await expect(summaryOf(member)).toContainText("You are offline");
  await expect(summaryOf(member)).not.toContainText("left");
  await checkBoth(member, "offline");
  release();
  await context.setOffline(false);
  await uploaded(member);
  await checkBoth(member, "done");
});

test("the tray with files that need attention", async ({ member, files, line }) => {
  line.refusal = { status: 400, code: "InvalidRequest" };
  await choose(member, [
    await files.write("Notes of a walk.txt", "Hello"),
    await files.write("program.exe", "MZ"),
    await files.write("Film.bin", bytes(PART_BYTES + 1, 2)),
  ]);
  await visit(member, "Library");
  await expect(summaryOf(member)).toContainText("3 files need attention");
  await checkBoth(member, "failed");
});

test("the tray with files to choose again", async ({ member, files, line }) => {
  line.hold(3);
  await choose(member, [await files.write("Film.bin", bytes(5 * PART_BYTES, 3))]);
  await arrived(line, [1, 2]);
  await dropFiles(member, [{ name: ".DS_Store" }, { name: "Thumbs.db" }]);
  await expect(trayOf(member)).toContainText("2 files skipped");
  await check(member, "tray-skipped");
  await member.goto("/library");
  await expect(summaryOf(member)).toContainText("1 file needs attention");
  await summaryOf(member).click();
  await checkBoth(member, "missing");
});

test("the tray with 10,000 files", async ({ member, line }) => {
  line.hold(1);
  await addMany(member, 10_000);
  await expect(summaryOf(member)).toContainText("Uploading 10,000 files");
  await checkBoth(member, "many");
});
