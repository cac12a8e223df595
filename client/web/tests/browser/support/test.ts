import {
  test as base,
  expect,
  type Browser,
  type BrowserContext,
  type Locator,
  type Page,
} from "@playwright/test";
import { Files } from "./files.ts";
import { Line } from "./line.ts";
import { Stack } from "./stack.ts";

export const PASSWORD = "correct horse battery";

/** The storage quota of each user. */
export const QUOTA_BYTES = 1_000_000_000;
export const URL_TTL_SECONDS = 10;
export const SETTINGS = {
  USER_QUOTA_BYTES: String(QUOTA_BYTES),
  CONTENT_TYPES:
    "image/*,video/*,audio/*,text/*,application/pdf,application/zip,application/octet-stream",
  URL_TTL_SECONDS: String(URL_TTL_SECONDS),
};

interface Fixtures {
  readonly files: Files;
  readonly line: Line;
  /** A page on which a new user has just signed up. */
  readonly member: Page;
  /** Opens a page in a new browser context, as on another device. */
  readonly newDevice: () => Promise<Page>;
  readonly username: string;
  /** Attaches the stack's output to a failed test. */
  readonly stackLog: undefined;
}

export const test = base.extend<Fixtures, { stack: Stack }>({
  stack: [
    async ({}, provide) => {
      const stack = await Stack.start(SETTINGS);
      await provide(stack);
      await stack.end();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  stackLog: [
    async ({ stack }, provide, info) => {
      await provide(undefined);
      if (info.status !== info.expectedStatus) await info.attach("stack.log", { body: stack.tail });
    },
    { auto: true },
  ],
  baseURL: async ({ stack }, provide) => provide(stack.url),
  files: async ({}, provide) => {
    const files = await Files.create();
    await provide(files);
    await files.remove();
  },
  line: async ({}, provide) => {
    const line = await Line.open();
    await provide(line);
    await line.close();
  },
  username: async ({}, provide) => provide(`user${Date.now().toString(36)}`),
  context: async ({ browser, baseURL, line }, provide) => {
    const context = await device(browser, baseURL ?? "", line);
    await provide(context);
    await context.close();
  },
  member: async ({ page, username, stack, line }, provide) => {
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) problems.push(message.text());
    });
    await signUpUnseen(page, username, stack.url, line);
    await provide(page);
    expect(problems).toEqual([]);
  },
  newDevice: async ({ browser, baseURL, line }, provide) => {
    const contexts: BrowserContext[] = [];
    await provide(async () => {
      const context = await device(browser, baseURL ?? "", line);
      contexts.push(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

export { expect };

function device(browser: Browser, baseURL: string, line: Line): Promise<BrowserContext> {
  return browser.newContext({
    baseURL,
    proxy: { server: line.url, bypass: "<-loopback>" },
    acceptDownloads: true,
    permissions: ["clipboard-read", "clipboard-write"],
  });
}

export async function signUp(page: Page, username: string): Promise<void> {
  await page.goto("/signup");
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(libraryOf(page)).toBeVisible();
}

const COOKIE = /^([^=]+)=([^;]+);.*Path=([^;]+)/i;
const SIGN_UP = `
  mutation SignUp($username: String!, $password: String!) {
    signUp(input: { username: $username, password: $password, tokenDelivery: COOKIE }) {
      __typename
    }
  }`;

/** Sign up without the sign-up page, and open the library as a user who comes back. */
async function signUpUnseen(page: Page, username: string, service: string, line: Line) {
  const variables = { username, password: PASSWORD };
  const cookie = await line.post(`${service}/graphql`, { query: SIGN_UP, variables });
  const [, name = "", value = "", path = ""] = COOKIE.exec(cookie) ?? [];
  // With a URL instead, the cookie would get the path of its folder, and never be deleted.
  const place = { domain: new URL(service).hostname, path };
  await page.context().addCookies([{ name, value, ...place, httpOnly: true, sameSite: "Strict" }]);
  await page.goto("/library");
  await expect(libraryOf(page)).toBeVisible();
}

function libraryOf(page: Page) {
  return page.getByRole("heading", { name: "Library" });
}

export async function logIn(page: Page, username: string): Promise<void> {
  await page.goto("/login");
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Library" })).toBeVisible();
}

/** Go to a page by its link in the navigation, without reloading the client. */
export async function visit(
  page: Page,
  place: "Library" | "Upload" | "Trash" | "API keys" | "Playground",
) {
  await page
    .getByRole("navigation", { name: "Main" })
    .getByRole("link", { name: place, exact: true })
    .click();
}

/** Choose files on the upload page. */
export async function choose(page: Page, paths: readonly string[]): Promise<void> {
  if (!page.url().endsWith("/upload")) await visit(page, "Upload");
  await page.getByTestId("files").setInputFiles([...paths]);
}

/** The tray, which shows all uploads on every page. */
export function trayOf(page: Page): Locator {
  return page.getByRole("region", { name: "Uploads" });
}

/** The button that opens and closes the tray; its text summarizes all uploads. */
export function summaryOf(page: Page): Locator {
  return trayOf(page).locator(".tray-toggle");
}

/** The rows of the open tray, or those with this text. */
export function rowsOf(page: Page, text: string | RegExp = ""): Locator {
  return trayOf(page).getByRole("listitem").filter({ hasText: text });
}

/** Click a button that lets the user choose a file, and choose this one. */
export async function chooseWith(button: Locator, path: string): Promise<void> {
  const choosing = button.page().waitForEvent("filechooser");
  await button.click();
  await (await choosing).setFiles(path);
}

/** Wait until the tray reports that all files are uploaded. */
export async function uploaded(page: Page): Promise<void> {
  await expect(summaryOf(page)).toContainText(/^[\d,]+ files? uploaded/, { timeout: 180_000 });
}

/** Wait until exactly these parts have arrived. */
export async function arrived(line: Line, parts: readonly number[]): Promise<void> {
  await expect.poll(() => partsOf(line), { timeout: 120_000 }).toEqual(parts);
}

/** Return the parts that the bucket accepted, each as often as it was sent. */
export function partsOf(line: Line): number[] {
  return line.sent
    .filter(({ status }) => status === 200)
    .map(({ part }) => part)
    .sort((a, b) => a - b);
}
