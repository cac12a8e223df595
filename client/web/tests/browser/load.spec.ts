import { Api } from "./support/api.ts";
import { png } from "./support/files.ts";
import { gate } from "./support/gate.ts";
import { expect, logIn, signUp, test } from "./support/test.ts";
import type { Page } from "@playwright/test";

/** What a first visit may load before the page is idle: files, and their bytes with all headers. */
const LOGIN = { files: 11, bytes: 106_000 };
const LIBRARY = { files: 14, bytes: 174_000 };

interface Load {
  readonly files: string[];
  bytes: number;
  readonly problems: string[];
}

/** Responses of the API and files of the user, which are larger or smaller for others. */
function isData(url: string): boolean {
  return /\/graphql$|X-Amz-Signature/.test(url);
}

/** Empty the cache, then record what the page loads and reports. It never becomes idle, so that nothing follows. */
async function record(page: Page): Promise<Load> {
  const load: Load = { files: [], bytes: 0, problems: [] };
  page.on("requestfinished", (request) => {
    if (!isData(request.url())) load.files.push(request.url());
  });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.clearBrowserCache");
  await devtools.send("Network.enable");
  const others = new Set<string>();
  devtools.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (isData(request.url)) others.add(requestId);
  });
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (!others.has(requestId)) load.bytes += encodedDataLength;
  });
  page.on("pageerror", ({ message }) => load.problems.push(message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) load.problems.push(message.text());
  });
  await page.addInitScript(() => {
    window.requestIdleCallback = () => 0;
  });
  await page.addInitScript(recordShifts);
  return load;
}

function recordShifts(): void {
  const shifts: number[] = [];
  Object.assign(globalThis, { shifts });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shifts.push((entry as unknown as Shift).value);
  }).observe({ type: "layout-shift", buffered: true });
}

interface Shift {
  readonly value: number;
}

function shiftsOf(page: Page): Promise<number[]> {
  return page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts);
}

test("a first visit loads little, and nothing moves", async ({
  page,
  newDevice,
  username,
  baseURL,
}) => {
  await signUp(page, username);
  const api = await Api.logIn(baseURL ?? "", username);
  await api.store("Coast.png", "image/png", png(480, 360, 1), []);

  const visitor = await newDevice();
  const login = await record(visitor);
  await visitor.goto("/library");
  await expect(visitor.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await visitor.waitForLoadState("networkidle");
  expect(login.files.length, login.files.join("\n")).toBeLessThanOrEqual(LOGIN.files);
  expect(login.bytes).toBeLessThanOrEqual(LOGIN.bytes);
  expect(login.files.filter((name) => /apollo|Member/.test(name))).toEqual([]);
  expect(await shiftsOf(visitor)).toEqual([]);
  expect(login.problems).toEqual([]);

  await logIn(visitor, username);
  const member = await visitor.context().newPage();
  const library = await record(member);
  await member.goto("/library");
  await expect(member.getByRole("button", { name: "Details of Coast.png" })).toBeVisible();
  await member.waitForLoadState("networkidle");
  expect(library.files.length, library.files.join("\n")).toBeLessThanOrEqual(LIBRARY.files);
  expect(library.bytes).toBeLessThanOrEqual(LIBRARY.bytes);
  expect(library.files.filter((name) => /visitor|wall|LiveQueue/.test(name))).toEqual([]);
  expect(await shiftsOf(member)).toEqual([]);
  expect(library.problems).toEqual([]);
});

test("the rest is loaded when nothing more arrives, and nothing moves", async ({ member }) => {
  await member.addInitScript(recordShifts);
  await member.reload();
  const files = () =>
    member.evaluate(() =>
      performance.getEntriesByType("resource").map(({ name }) => name.replace(/.*\//, "")),
    );
  for (const name of ["LiveQueue", "UploadPage", "KeysPage", "AccountPage"]) {
    await expect.poll(async () => (await files()).join(" "), { timeout: 20_000 }).toContain(name);
  }
  expect((await files()).filter((name) => name.startsWith("PlaygroundPage"))).toEqual([]);
  await expect(member.getByRole("meter")).toBeVisible();
  expect(await shiftsOf(member)).toEqual([]);
});

test("the outline and the theme need no code", async ({ page }) => {
  await page.route("**/assets/*.js", () => undefined);
  await page.addInitScript(() => localStorage.setItem("media.theme", "dark"));
  await page.goto("/login", { waitUntil: "commit" });
  await expect(page.getByText("safe and in one place").last()).toBeVisible();
  await expect(page.locator(".outline-frame")).toBeHidden();
  const background = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(await background()).toBe("rgb(18, 20, 23)");
  await page.evaluate(() => localStorage.setItem("media.viewer", "somebody"));
  await page.goto("/keys", { waitUntil: "commit" });
  await expect(page.locator(".outline-frame")).toBeVisible();
  await expect(page.locator(".outline-entry")).toBeHidden();
});

/**
 * Store a picture, and leave the library, whose requests do not count. Then hold back React and Apollo
 * Client. Returns the picture's id, and the function that lets them arrive.
 */
async function holdLibraries(
  page: Page,
  api: Api,
): Promise<{ readonly id: string; readonly release: () => void }> {
  await page.goto("about:blank");
  const id = await api.store("Coast.png", "image/png", png(480, 360, 1), []);
  await expect.poll(() => api.unprocessed(), { timeout: 60_000 }).toEqual([]);
  const { opened: released, open: release } = gate();
  await page.route(/\/assets\/(react|apollo)-/, async (route) => {
    await released;
    await route.continue();
  });
  return { id, release };
}

test("the list is requested before the code that shows it has arrived", async ({
  member,
  line,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const { release } = await holdLibraries(member, api);
  line.operations.length = line.fetched.length = 0;
  await member.goto("/library", { waitUntil: "commit" });
  await expect.poll(() => line.operations).toEqual(["RefreshRequest", "UploadsQuery"]);
  await expect.poll(() => line.fetched).toHaveLength(1);
  release();
  await expect(member.locator(".card img")).toHaveJSProperty("complete", true);
  expect(line.fetched).toHaveLength(1);
  expect(line.operations.filter((name) => name === "UploadsQuery")).toHaveLength(1);
});

test("what the viewer shows is requested before its code has arrived", async ({
  member,
  line,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const { id, release } = await holdLibraries(member, api);
  line.operations.length = line.fetched.length = 0;
  await member.goto(`/library?view=${id}`, { waitUntil: "commit" });
  await expect
    .poll(() => [...line.operations].sort())
    .toEqual(["RefreshRequest", "UploadQuery", "UploadsQuery"]);
  const previews = () => line.fetched.filter(({ path }) => path.includes("/preview.webp"));
  await expect.poll(() => previews()).toHaveLength(1);
  expect(line.fetched).toHaveLength(1);
  release();
  const picture = member.getByRole("dialog").getByRole("img", { name: "Coast.png" });
  await expect(picture).toHaveJSProperty("complete", true);
  expect(previews()).toHaveLength(1);
  expect(line.operations.filter((name) => name === "UploadQuery")).toHaveLength(1);
});
