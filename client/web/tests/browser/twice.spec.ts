import type { Page } from "@playwright/test";
import { Api } from "./support/api.ts";
import { bytes } from "./support/files.ts";
import { SMALL_PHONE } from "./support/pages.ts";
import { expect, test } from "./support/test.ts";

const NAMES = ["1.bin", "2.bin", "3.bin", "4.bin", "5.bin", "6.bin", "7.bin", "8.bin"];

function fileOf(page: Page, name: string) {
  return page.getByRole("button", { name: new RegExp(`^(Details of )?${name}$`) });
}

/** Click twice, so slowly that the first click has its effect before the second one. */
async function clickTwice(page: Page, name: string): Promise<void> {
  const box = await fileOf(page, name).boundingBox();
  if (box === null) throw new Error(`${name} is not in view.`);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.up();
  // An element that goes between the press and the release gets no click.
  await expect(page.getByRole("textbox", { name: "Name", exact: true })).toBeVisible();
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
}

test("a double click opens the viewer, although the first click moves the files", async ({
  member,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  for (const name of NAMES) await api.store(name, "application/octet-stream", bytes(5, 1));
  const viewer = (name: string) => member.getByRole("dialog", { name });
  for (const layout of ["grid", "list"]) {
    await member.setViewportSize({ width: 1280, height: 800 });
    await member.goto(`/library?sort=oldest&layout=${layout}`);
    // The last file of the first row in the grid, which the details cover.
    for (const name of ["5.bin", "2.bin"]) {
      await clickTwice(member, name);
      await expect(viewer(name)).toBeVisible();
      await member.keyboard.press("Escape");
      await expect(fileOf(member, name)).toBeFocused();
      await member.keyboard.press("Escape");
      await expect(member.getByRole("heading", { name: "Details" })).toHaveCount(0);
    }
    // In a drawer, the details are in front of the files.
    await member.setViewportSize(SMALL_PHONE);
    await clickTwice(member, "1.bin");
    await expect(viewer("1.bin")).toBeVisible();
  }
});
