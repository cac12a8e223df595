import type { Page } from "@playwright/test";
import { Api } from "./support/api.ts";
import { png, wav } from "./support/files.ts";
import { checkIn, SMALL_PHONE } from "./support/pages.ts";
import { plainTexts } from "./support/texts.ts";
import { expect, test } from "./support/test.ts";

/** Longer than English, and from right to left: see `PSEUDO` in messages.ts. */
const PSEUDO = "ar-XB";
const SIZES = {
  phone: SMALL_PHONE,
  tablet: { width: 768, height: 1024 },
  desktop: { width: 1440, height: 900 },
};
type Schemes = Parameters<typeof checkIn>[3];
const LIGHT: Schemes = ["light"];
const BOTH: Schemes = ["light", "dark"];
/** What is no text of ours: the names of files, types, browsers and systems. */
const DATA = [
  /C?oast \d\.png/g,
  /\b(Chrome|Linux|node)\b/g,
  /Tone\.wav/g,
  /\b(PNG|WAV|SHA-256|CRC-64\/NVME)\b/g,
  /\w+\/[\w-]+/g,
];

test("all texts and the layout follow the language", async ({ member, username, baseURL }) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const first = await api.store("Coast 1.png", "image/png", png(480, 360, 1), []);
  const second = await api.store("Coast 2.png", "image/png", png(480, 360, 2), []);
  await api.store("Tone.wav", "audio/wav", wav(), []);
  await expect.poll(() => api.unprocessed(), { timeout: 120_000 }).toEqual([]);
  await member.evaluate((tag) => localStorage.setItem("media.language", tag), PSEUDO);
  const known = [new RegExp(username, "g"), ...DATA];

  async function checkPage(name: string, address: string, ready: string, schemes = LIGHT) {
    await member.setViewportSize(SIZES.desktop);
    await member.goto(address);
    await expect(member.locator(ready).first()).toBeVisible();
    await checkShown(member, name, known, schemes);
  }
  await checkPage("library-grid", "/library?sort=oldest", ".card img", BOTH);
  await checkArrows(member);
  await checkPage("library-list", "/library?layout=list", ".table time");
  await checkPage("details", `/library?layout=grid&open=${first}`, ".details-actions");
  await checkPage("viewer", `/library?sort=oldest&view=${first}`, ".viewer-picture img");
  await member.keyboard.press("i");
  await checkShown(member, "viewer-details", known);
  await member.keyboard.press("ArrowLeft");
  await expect(member).toHaveURL(new RegExp(`view=${second}`));
  await checkPage("keys", "/keys", ".line-form");
  await checkPage("account", "/account", ".rows .row", BOTH);

  await checkPage("upload", "/upload", ".drop-area");
  await member
    .getByTestId("files")
    .setInputFiles({ name: "Coast 3.png", mimeType: "image/png", buffer: png(480, 360, 3) });
  await expect(member.locator(".tray-row[data-state=stored]")).toBeVisible();
  await checkShown(member, "upload-tray", known);

  await member.goto("/library");
  await member.locator(`[data-upload="${second}"]`).focus();
  await member.keyboard.press("Delete");
  await expect(member.locator(".notice")).toBeVisible();
  await checkPage("trash", "/trash", ".trash time");

  await member.locator(".account button").last().click();
  await expect(member.locator(".entry form")).toBeVisible();
  await checkShown(member, "login", known);
});

async function checkShown(
  page: Page,
  name: string,
  known: readonly RegExp[],
  schemes = LIGHT,
): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
  await checkIn(page, `rtl-${name}`, SIZES, schemes);
  expect(await plainTexts(page, known), name).toEqual([]);
}

/** The left arrow moves to what is on the left. */
async function checkArrows(page: Page): Promise<void> {
  const left = async () => (await page.locator(":focus").boundingBox())?.x ?? 0;
  await page.locator("[data-stop='0']").focus();
  const before = await left();
  await page.keyboard.press("ArrowLeft");
  await expect(page.locator("[data-stop='1']")).toBeFocused();
  expect(await left()).toBeLessThan(before);
}
