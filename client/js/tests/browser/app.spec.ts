import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { Files, png } from "../../../web/tests/browser/support/files.ts";
import { Stack } from "../../../web/tests/browser/support/stack.ts";
import { App } from "./support/app.ts";

let app: App;
let directory: string;
let files: Files;
let stack: Stack;

test.beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "media-app-"));
  files = await Files.create();
  app = await App.create(directory);
  stack = await Stack.start(await app.serviceSettings());
  await app.start(stack);
});

test.afterAll(async () => {
  await app.stop();
  await stack.end();
  await files.remove();
  await rm(directory, { recursive: true });
});

async function signIn(page: Page, user: string): Promise<void> {
  await page.getByLabel("I am").selectOption(user);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText(`Signed in as ${user.toLowerCase()}`)).toBeVisible();
}

function entry(page: Page, name: string | RegExp) {
  return page.locator("#files").getByRole("link", { name });
}

test("an application's users upload, and its gallery shows what was stored", async ({ page }) => {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  await page.goto(app.url);
  await signIn(page, "Ada");
  await expect(page.getByText("None yet.")).toBeVisible();
  const photo = await files.write("sea.png", png(64, 48, 1));
  await page
    .locator("media-upload input[type=file]")
    .setInputFiles([photo, await files.write("note.txt", "Hello")]);

  // Both were reported by webhooks: the page asks its own backend only.
  await expect(entry(page, "note.txt")).toBeVisible();
  const picture = entry(page, "sea.png").locator("img");
  await expect(picture).toBeVisible();
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);

  await page.getByRole("button", { name: "Add a list of them" }).click();
  await expect(entry(page, /^TXT Files/)).toBeVisible();
  const link = await entry(page, /^TXT Files/).getAttribute("href");
  const report = await page.request.get(`${app.url}${link ?? ""}`);
  expect(await report.text()).toMatch(/^ +5 {2}note\.txt$/m);

  await page.getByRole("button", { name: "Sign out" }).click();
  await signIn(page, "Grace");
  await expect(page.getByText("None yet.")).toBeVisible();
  expect((await page.request.get(`${app.url}${link ?? ""}`)).status()).toBe(404);
  expect(problems).toEqual([]);
});

test("the receiver refuses what the service did not sign", async ({ request }) => {
  const now = Math.floor(Date.now() / 1000);
  const headers = {
    "webhook-id": "msg_1",
    "webhook-timestamp": String(now),
    "webhook-signature": `v1,${Buffer.alloc(32).toString("base64")}`,
  };
  const data = { type: "upload.stored", data: {} };
  for (const signed of [headers, {}]) {
    const response = await request.post(`${app.url}/webhooks`, { headers: signed, data });
    expect(response.status()).toBe(400);
  }
});
