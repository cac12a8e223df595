import { expect, test, type Page } from "@playwright/test";
import { Stack } from "./support/stack.ts";
import { Issuer } from "./support/issuer.ts";

let issuer: Issuer;
let stack: Stack;

test.describe.configure({ mode: "serial" });

test.beforeAll(async () => {
  issuer = await Issuer.create();
  stack = await Stack.start({ OIDC_ISSUERS: issuer.settings, PASSWORDS: "off" });
  await issuer.start(stack.url);
});

test.afterAll(async () => {
  await issuer.stop();
  await stack.end();
});

async function signIn(page: Page, user: string): Promise<void> {
  await page.getByRole("button", { name: "Sign in with Acme" }).click();
  await page.getByPlaceholder("Enter any login").fill(user);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

/** Return the ids of the keys that signed the tokens of this page's requests. */
function keysOf(page: Page): Set<string> {
  const keys = new Set<string>();
  page.on("request", (request) => {
    const [header] = request.headers()["authorization"]?.replace("Bearer ", "").split(".") ?? [];
    if (header === undefined || !request.url().endsWith("/graphql")) return;
    keys.add((JSON.parse(Buffer.from(header, "base64url").toString()) as { kid: string }).kid);
  });
  return keys;
}

async function restart(options: Parameters<Issuer["start"]>[1] = {}): Promise<void> {
  await issuer.stop();
  await issuer.start(stack.url, options);
}

test("signs in, reloads, and signs out at the issuer", async ({ page }) => {
  await page.goto(`${stack.url}/keys`);
  await expect(page).toHaveURL(/\/login$/);
  await expect(page.getByLabel("Password")).toBeHidden();
  await signIn(page, "user-42");
  await expect(page).toHaveURL(`${stack.url}/keys`);
  await expect(page.getByText("user-42").first()).toBeVisible();

  await page.reload();
  await expect(page).toHaveURL(`${stack.url}/keys`);
  await expect(page.getByText("user-42").first()).toBeVisible();

  await page.getByRole("button", { name: "Sign out" }).first().click();
  await expect(page).toHaveURL(/\/session\/end/);
  await page.getByRole("button", { name: "Yes, sign me out" }).click();
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByRole("button", { name: "Sign in with Acme" })).toBeVisible();
  expect(await page.evaluate(() => Object.keys(localStorage))).not.toContain("media.issuer");
});

test("renews its token silently, also after the issuer has changed its key", async ({ page }) => {
  await page.clock.install();
  const keys = keysOf(page);
  await page.goto(stack.url);
  await signIn(page, "user-43");
  await expect(page.getByRole("heading", { name: "Library" })).toBeVisible();
  expect(keys.size).toBe(1);
  issuer.changeKey();
  await restart();

  const pages: string[] = [];
  page.on("framenavigated", (frame) => pages.push(frame.url()));
  await page.clock.fastForward("01:00:00");
  await page.getByRole("link", { name: "API keys" }).first().click();
  await expect(page.getByText("No API keys yet")).toBeVisible();
  expect(keys.size).toBe(2);
  expect(pages.filter((url) => !url.startsWith(stack.url))).toEqual([]);
});

test("without refresh tokens, visits the issuer and comes back", async ({ page }) => {
  await restart({ refreshTokens: false });
  await page.clock.install();
  await page.goto(stack.url);
  const last = page.waitForRequest((request) => request.postData()?.includes("UseLimits") ?? false);
  await signIn(page, "user-44");
  // On this page nothing polls, and once the last request of the first load is sent, nothing else asks.
  await page.getByRole("link", { name: "API keys" }).first().click();
  await expect(page.getByText("No API keys yet")).toBeVisible();
  await expect(page.getByRole("meter")).toBeVisible();
  await last;
  const visited = page.waitForRequest((request) => request.url().startsWith(`${issuer.url}/auth`));
  await page.clock.fastForward("01:00:00");
  await page.getByRole("link", { name: "Trash" }).first().click();
  await visited;
  await expect(page).toHaveURL(`${stack.url}/trash`);
  await expect(page.getByText("The trash is empty")).toBeVisible();
  await restart();
});

test("a session that has ended at the issuer ends here", async ({ page, context }) => {
  await page.goto(stack.url);
  await signIn(page, "user-45");
  await expect(page.getByRole("heading", { name: "Library" })).toBeVisible();
  await context.clearCookies();
  await page.reload();
  await expect(page.getByRole("button", { name: "Sign in with Acme" })).toBeVisible();
  expect(await page.evaluate(() => [...Object.keys(localStorage), location.search])).toEqual([""]);
});

test("no token is left in the browser", async ({ page }) => {
  const tokens: string[] = [];
  page.on("request", (request) => {
    const [, token] = request.headers()["authorization"]?.split(" ") ?? [];
    if (token !== undefined) tokens.push(token);
  });
  await page.goto(stack.url);
  await signIn(page, "user-46");
  await expect(page.getByRole("heading", { name: "Library" })).toBeVisible();
  const stored = await page.evaluate(() =>
    JSON.stringify([localStorage, sessionStorage].map((it) => Object.entries(it))),
  );
  expect(tokens.length).toBeGreaterThan(0);
  for (const part of tokens.flatMap((token) => token.split(".")))
    expect(stored).not.toContain(part);
  expect(stored).not.toMatch(/refresh_token|code_verifier|id_token/);
});

test("an issuer that is down is named, and the page can try again", async ({ page }) => {
  await page.goto(stack.url);
  await issuer.stop();
  await page.getByRole("button", { name: "Sign in with Acme" }).click();
  await expect(page.getByRole("alert")).toContainText("Acme could not be reached.");
  await issuer.start(stack.url);
  await signIn(page, "user-47");
  await expect(page.getByRole("heading", { name: "Library" })).toBeVisible();
});
