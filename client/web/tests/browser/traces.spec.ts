import type { Page } from "@playwright/test";
import { Api } from "./support/api.ts";
import { png } from "./support/files.ts";
import type { Files } from "./support/files.ts";
import type { Line } from "./support/line.ts";
import {
  choose,
  expect,
  logIn,
  rowsOf,
  signUp,
  summaryOf,
  test,
  trayOf,
  uploaded,
  visit,
} from "./support/test.ts";
import { isMarked, markMemory, NO_TRACES, storedFiles, traces } from "./support/traces.ts";

const SECRET = "query Secret { viewer { username } }";
/** The names of settings that tell nothing about a user. */
const NEUTRAL = { localStorage: ["media.theme", "media.view"] };

/** End all sessions of the user from another device. */
async function endEverywhere(baseURL: string | undefined, username: string): Promise<void> {
  const api = await Api.logIn(baseURL ?? "", username);
  await api.ask("mutation { logout(everywhere: true) { sessionsEnded } }");
}

/**
 * Leave traces of every kind: a list of unfinished files, queries, answers and settings. Returns the
 * path of the unfinished file.
 */
async function leaveTraces(page: Page, files: Files, line: Line): Promise<string> {
  await page.getByRole("button", { name: "Theme: system" }).click();
  await page.getByRole("button", { name: "Grid", exact: true }).click();
  await visit(page, "Playground");
  await expect(page.getByRole("tab", { name: "Uploads" })).toBeVisible();
  await page.locator(".graphiql-query-editor .view-lines").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(SECRET);
  await expect
    .poll(() => page.evaluate(() => Object.values(sessionStorage).join()))
    .toContain("query Secret");
  line.beforePut = () => new Promise(() => undefined);
  const path = await files.write("picture.png", png(320, 240, 1));
  await choose(page, [path]);
  await expect(rowsOf(page, "picture.png")).toBeVisible();
  await expect.poll(() => storedFiles(page)).toEqual(["picture.png"]);
  await markMemory(page);
  return path;
}

async function expectNothing(page: Page): Promise<void> {
  await expect.poll(() => traces(page)).toEqual({ ...NO_TRACES, ...NEUTRAL });
}

test("signing out leaves nothing in this browser, in any tab", async ({
  member,
  context,
  files,
  line,
  username,
}) => {
  const other = await context.newPage();
  await other.goto("/playground");
  await expect(other.getByRole("tab", { name: "Uploads" })).toBeVisible();
  await markMemory(other);
  await leaveTraces(member, files, line);
  await member.getByRole("button", { name: "Sign out" }).click();
  const dialog = member.getByRole("dialog", { name: "Sign out while uploading?" });
  await expect(dialog).toContainText("1 file is not fully uploaded.");
  await dialog.getByRole("button", { name: "Sign out" }).click();
  await expect(other.getByText("You signed out in another tab.")).toBeVisible();
  await expect(member.getByRole("heading", { name: "Sign in" })).toBeVisible();
  for (const page of [member, other]) {
    await expectNothing(page);
    // Chosen files, cached answers and the editor's texts are in the page's memory.
    await expect.poll(() => isMarked(page)).toBe(false);
    expect(new URL(page.url()).search).toBe("");
  }
  // The other tab's next user does not come to the pages of the one before.
  await signUp(other, `${username}b`);
  await visit(other, "Playground");
  await expect(other.getByRole("tab", { name: "Uploads" })).toBeVisible();
  await expect(other.getByRole("tab", { name: "Secret" })).toHaveCount(0);
});

test("a session that ends by itself leaves nothing either", async ({
  member,
  context,
  files,
  line,
  baseURL,
  username,
}) => {
  const other = await context.newPage();
  await other.goto("/keys");
  await expect(other.getByText("No API keys yet")).toBeVisible();
  await leaveTraces(member, files, line);
  await endEverywhere(baseURL, username);
  await visit(other, "Library");
  for (const page of [member, other]) {
    await expect(page.getByText("Your session has ended.")).toBeVisible();
    await expectNothing(page);
  }
  expect(await isMarked(member)).toBe(false);
});

test("a page that opens without a session erases what a closed one stored", async ({
  member,
  context,
  files,
  line,
  baseURL,
  username,
}) => {
  await leaveTraces(member, files, line);
  await member.close();
  await endEverywhere(baseURL, username);
  const page = await context.newPage();
  await page.goto("/library");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expectNothing(page);
});

test("nobody gets what another user stored", async ({
  member,
  context,
  files,
  line,
  username,
  newDevice,
}) => {
  await signUp(await newDevice(), `${username}b`);
  await leaveTraces(member, files, line);
  await member.close();
  // The cookie of another user replaces the one of this browser, without a word to the client.
  const page = await context.newPage();
  await page.goto("/icon.svg");
  const login = `mutation { login(input: { username: "${username}b",
    password: "correct horse battery", tokenDelivery: COOKIE }) { __typename } }`;
  await page.evaluate(async (query) => {
    const headers = { "content-type": "application/json" };
    await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query }) });
  }, login);
  await page.goto("/upload");
  await expect(page.getByRole("button", { name: "Choose files" })).toBeVisible();
  await expect(page.getByRole("link", { name: `Account: ${username}b` })).toBeVisible();
  expect(await storedFiles(page)).toEqual([]);
  await expect(trayOf(page)).toHaveCount(0);
});

test("what is stored outlives a reload, a network failure and a closed tab", async ({
  member,
  context,
  files,
  line,
}) => {
  const path = await leaveTraces(member, files, line);
  line.serviceDown = true;
  await member.reload();
  await expect(member.getByText("The service can’t be reached")).toBeVisible();
  expect(await storedFiles(member)).toEqual(["picture.png"]);
  await member.close();
  line.serviceDown = false;
  line.beforePut = undefined;
  const page = await context.newPage();
  await page.goto("/upload");
  await expect(summaryOf(page)).toContainText("1 file needs attention");
  await choose(page, [path]);
  await uploaded(page);
  await expect.poll(() => storedFiles(page)).toEqual([]);
});

test("a device that is signed out keeps nothing while others go on", async ({
  member,
  newDevice,
  username,
}) => {
  const other = await newDevice();
  await logIn(other, username);
  await member.getByRole("button", { name: "Sign out" }).click();
  await expect(member.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect.poll(() => traces(member)).toEqual(NO_TRACES);
  await other.reload();
  await expect(other.getByRole("heading", { name: "Library" })).toBeVisible();
});

test("a page that the browser kept in memory is loaded anew", async ({ member }) => {
  await markMemory(member);
  const loaded = member.waitForEvent("load");
  // Chromium keeps no pages in memory while it is under test.
  await member.evaluate(() => {
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  });
  await loaded;
  expect(await isMarked(member)).toBe(false);
});
