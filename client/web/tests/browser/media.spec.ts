import type { Page } from "@playwright/test";
import { Api } from "./support/api.ts";
import { png, sha256, type Sample } from "./support/files.ts";
import { gate } from "./support/gate.ts";
import { check } from "./support/pages.ts";
import { expect, test } from "./support/test.ts";

test.describe.configure({ timeout: 480_000 }); // Processing 33 files takes a CPU for half a minute.

async function store(api: Api, samples: readonly Sample[]): Promise<void> {
  for (const { name, contentType, data } of samples) await api.store(name, contentType, data);
  await expect.poll(() => api.unprocessed(), { timeout: 300_000 }).toEqual([]);
}

function cardOf(page: Page, name: string) {
  return page.locator(".card", { has: page.getByRole("button", { name: `Details of ${name}` }) });
}

function factOf(page: Page, name: string) {
  return cardOf(page, name).locator(".preview-fact");
}

/** Scroll through the library until the pictures of this many files have loaded. */
async function scrollThrough(page: Page, count: number, pictures = ".card img"): Promise<void> {
  const loaded = new Set<string>();
  await page.evaluate(() => scrollTo(0, 0));
  await expect(async () => {
    for (const row of await page.evaluate(scrollOn, pictures)) loaded.add(row);
    expect(loaded.size).toBe(count);
  }).toPass({ intervals: [100] });
}

/**
 * Return the rows in view whose pictures have loaded. If all have, scroll on, by less than the window shows:
 * at once, since a turned wheel scrolls later, and two turns could then pass a row.
 */
function scrollOn(pictures: string): string[] {
  const rowOf = (element: Element) =>
    element.closest("[aria-rowindex]")?.getAttribute("aria-rowindex") ?? "";
  const inView = (element: Element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };
  const isDone = (image: HTMLImageElement) => image.complete && image.naturalWidth > 0;
  // The rows are rendered a moment after the window scrolls.
  const rows = [...document.querySelectorAll("[aria-rowindex]:has([data-upload])")];
  const last = document.querySelector("[role=grid]")?.getAttribute("aria-rowcount");
  const rendered =
    rows.some((row) => inView(row)) &&
    rows.some((row) => row.getBoundingClientRect().bottom >= innerHeight || rowOf(row) === last);
  const images = [...document.querySelectorAll<HTMLImageElement>(pictures)].filter(inView);
  // A picture whose URL has expired is replaced by another element.
  if (rendered && images.every(isDone)) scrollBy({ top: 400, behavior: "instant" });
  return images.filter(isDone).map(rowOf);
}

function isLoaded(image: SVGElement | HTMLElement): boolean {
  return image instanceof HTMLImageElement && image.complete && image.naturalWidth > 0;
}

test("the library loads thumbnails only, and a reload loads none of them again", async ({
  member,
  files,
  line,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const photos = await files.samples("photos");
  await store(api, photos);
  await member.reload();
  await scrollThrough(member, 12);
  expect(line.fetched).toHaveLength(12);
  for (const { path } of line.fetched) expect(path).toContain("/thumbnail.webp");
  expect(line.fetched.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(375_000);

  line.fetched.length = 0;
  await member.reload();
  await scrollThrough(member, 12);
  await member.getByRole("button", { name: "List", exact: true }).click();
  await scrollThrough(member, 12, ".row-open img");
  expect(line.fetched).toEqual([]);
});

test("files of each kind show what they are", async ({
  member,
  files,
  line,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const names = ["Broken.jpg", "Contract.pdf", "Evening song.mp3", "Ferry.mp4", "Logo.svg"];
  await store(api, await files.samples("mixed", [...names, "Memo.mp3", "Upright.jpg"]));
  await member.reload();

  const upright = cardOf(member, "Upright.jpg").locator("img");
  await expect.poll(() => upright.evaluate(isLoaded)).toBe(true);
  await expect(upright).toHaveAttribute("width", "240");
  await expect(upright).toHaveAttribute("height", "320");
  expect(await colourAt(member, "Upright.jpg", 0.1, 0.1)).toBe("red");
  expect(await colourAt(member, "Upright.jpg", 0.9, 0.9)).not.toBe("red");
  await expect(factOf(member, "Ferry.mp4")).toHaveAttribute("data-fact", "1:23");
  await expect(cardOf(member, "Ferry.mp4")).toContainText("1 minute 23 seconds");
  await expect(factOf(member, "Contract.pdf")).toHaveAttribute("data-fact", "4 pages");
  await expect(factOf(member, "Memo.mp3")).toHaveAttribute("data-fact", "0:01");
  await expect(cardOf(member, "Memo.mp3").locator("img")).toHaveCount(0);
  await expect(cardOf(member, "Evening song.mp3").locator("img")).toHaveCount(1);
  await expect(factOf(member, "Broken.jpg")).toHaveAttribute("data-fact", "No preview");
  await expect(factOf(member, "Logo.svg")).toHaveCount(0);
  expect(line.fetched.filter(({ path }) => !path.includes("/renditions/"))).toEqual([]);

  const details = member.getByRole("complementary", { name: "Details" });
  await member.getByRole("button", { name: "Details of Upright.jpg" }).click();
  await expect(details.getByText("900 × 1,200 pixels")).toBeVisible();
  await expect(details.getByText("May 1, 2024, 10:20")).toBeVisible();
  await expect(details.getByText("Phone Maker P1")).toBeVisible();
  await expect(details.getByText("contains the location where it was taken")).toBeVisible();
  await expect.poll(() => details.locator("img").evaluate(isLoaded)).toBe(true);
  expect(line.fetched.filter(({ path }) => !path.includes("/renditions/"))).toEqual([]);
  await member.keyboard.press("Escape");

  await member.getByRole("button", { name: "Details of Broken.jpg" }).click();
  await expect(
    details.getByText("There is no preview; the file itself is unchanged."),
  ).toBeVisible();
  await expect(details.getByRole("link", { name: "View Broken.jpg" })).toBeVisible();
  await member.keyboard.press("Escape");

  await member.getByRole("button", { name: "Details of Contract.pdf" }).click();
  await expect(details.locator("dt", { hasText: "Pages" })).toBeVisible();
  await expect.poll(() => details.locator("img").evaluate(isLoaded)).toBe(true);
  await member.keyboard.press("Escape");

  await member.getByRole("button", { name: "Details of Ferry.mp4" }).click();
  await expect(details.locator("video")).toHaveAttribute("poster", /preview\.webp/);
  await expect(details.getByText("640 × 360 pixels")).toBeVisible();
});

test("a picture fades in over its placeholder, or replaces it at once with reduced motion", async ({
  member,
  files,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  await store(api, await files.samples("mixed", ["Upright.jpg"]));
  const placeholder = cardOf(member, "Upright.jpg").locator(".thumbhash");
  const fade = async () =>
    placeholder.evaluate((each) => getComputedStyle(each).transitionDuration);
  for (const [reducedMotion, duration] of [
    ["no-preference", "0.18s"],
    ["reduce", "1e-05s"],
  ] as const) {
    await member.emulateMedia({ reducedMotion });
    const { opened: released, open: release } = gate();
    await member.route("**/thumbnail.webp*", async (route) => {
      await released;
      await route.continue();
    });
    await member.reload();
    await expect(placeholder).toHaveCSS("opacity", "1");
    await expect(placeholder).toHaveCSS("background-image", /^url\("data:image/);
    expect(await fade()).toBe(duration);
    release();
    await expect(placeholder).toHaveCSS("opacity", "0");
    await member.unroute("**/thumbnail.webp*");
  }
});

/** Return whether a card's picture is red at a place from 0 to 1. */
async function colourAt(page: Page, name: string, x: number, y: number): Promise<string> {
  const url = await cardOf(page, name).locator("img").getAttribute("src");
  const [red = 0, green = 0, blue = 0] = await page.evaluate(
    async ([url, x, y]) => {
      // Fetched, because a canvas with an image of another origin can't be read.
      const image = await createImageBitmap(await (await fetch(url)).blob());
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext("2d");
      context?.drawImage(image, 0, 0);
      return [...(context?.getImageData(x * image.width, y * image.height, 1, 1).data ?? [])];
    },
    [url ?? "", x, y] as const,
  );
  return red > 180 && green < 90 && blue < 90 ? "red" : `${red} ${green} ${blue}`;
}

test("a preview appears by itself, without moving the focus", async ({
  member,
  files,
  line,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const [film] = await files.samples("mixed", ["Ferry.mp4"]);
  const finish = await api.begin("Ferry.mp4", "video/mp4", film?.data ?? "");
  await member.reload();
  await expect(cardOf(member, "Ferry.mp4")).toContainText("Incomplete");
  await member.getByRole("button", { name: "Details of Ferry.mp4" }).click();
  const details = member.getByRole("complementary", { name: "Details" });
  const name = details.getByLabel("Name");
  await name.focus();
  await finish(); // As another device would.
  await expect(cardOf(member, "Ferry.mp4").locator("img")).toHaveCount(1, { timeout: 60_000 });
  await expect(details.locator("video")).toHaveAttribute("poster", /preview\.webp/);
  await expect(details.getByText("H.264")).toBeVisible();
  await expect(name).toBeFocused();

  const asked = () =>
    line.operations.filter((operation) => operation === "UsePendingStatuses").length;
  const before = asked();
  expect(before).toBeGreaterThan(0);
  await member.waitForTimeout(5000); // Nothing is pending any more.
  expect(asked()).toBe(before);
});

test("an image whose URL has expired is asked for once more", async ({
  member,
  line,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  await store(api, [
    { name: "One.png", contentType: "image/png", data: png(64, 48, 1) },
    { name: "Two.png", contentType: "image/png", data: png(64, 48, 2) },
  ]);
  const expired = new Set(["UploadsQuery"]);
  let answers = 0;
  line.rewrite = (operation, body) => {
    if (!expired.has(operation)) return body;
    answers += 1;
    // The bucket refuses these URLs, each of which is new.
    return body
      .replaceAll(/X-Amz-Date=\d{8}/g, `X-Amz-Date=2020010${answers % 10}`)
      .replaceAll(/"expiresAt": ?"[^"]+"/g, '"expiresAt":"2020-01-02T00:00:00.000Z"');
  };
  const asked = () => line.operations.filter((operation) => operation === "UploadQuery").length;
  await member.reload();
  await scrollThrough(member, 2);
  expect(asked()).toBe(2);

  expired.add("UploadQuery");
  await member.reload();
  await expect.poll(asked).toBe(4);
  await expect(member.locator(".card .preview-type")).toHaveCount(2);
  await member.waitForTimeout(3000);
  expect(asked()).toBe(4);
  await expect(member.locator(".card img")).toHaveCount(0);
});

test("a library of many kinds looks right", async ({ member, files, baseURL, username, stack }) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const samples = await files.samples("mixed");
  samples.sort((a, b) => sha256(a.data).localeCompare(sha256(b.data)));
  await store(api, samples);
  await stack.awaitProcessing("Waiting.jpg");
  await member.reload();
  await expect(member.getByRole("heading", { name: "Library 33 files" })).toBeVisible();
  await scrollThrough(member, 25);
  await member.keyboard.press("Control+Home");
  await expect.poll(() => member.evaluate(() => scrollY)).toBe(0);
  await check(member, "media-grid");
  await member.getByRole("button", { name: "List", exact: true }).click();
  // A video, a photo with a location, and a file that could not be decoded.
  for (const name of ["Ferry.mp4", "Upright.jpg", "Broken.jpg"]) {
    await member.getByLabel("Search by name").fill(name);
    await member.getByRole("button", { name, exact: true }).click();
    const details = member.getByRole("complementary", { name: "Details" });
    await expect(details.locator(".facts")).toBeVisible();
    await check(member, `media-details-${name.replace(/\..*/, "").toLowerCase()}`);
    await member.keyboard.press("Escape");
  }
});
