import type { Page } from "@playwright/test";
import { Api } from "./support/api.ts";
import { check, SMALL_PHONE } from "./support/pages.ts";
import { choose, expect, signUp, test, trayOf, uploaded, visit } from "./support/test.ts";

const FORBIDDEN = JSON.stringify({
  data: null,
  errors: [{ message: "Not allowed.", extensions: { code: "FORBIDDEN" } }],
});

test("notices stay while they are read, and problems until they are dismissed", async ({
  page,
  baseURL,
  username,
  line,
  files,
}) => {
  await page.clock.install();
  await signUp(page, username);
  const api = await Api.logIn(baseURL ?? "", username);
  for (const name of ["a.txt", "b.txt", "c.txt"]) await api.store(name, "text/plain", name);
  await page.reload();
  const trash = async (name: string) => {
    await page.getByLabel(`Select ${name}`).check({ force: true });
    await page.getByRole("toolbar").getByRole("button", { name: "Delete" }).click();
  };
  const notices = page.getByRole("log", { name: "Notices" });
  await trash("a.txt");
  const first = notices.getByText("a.txt moved to the trash.");
  await expect(first).toBeVisible();
  await page.clock.runFor(10_000);
  await expect(first).toBeVisible();
  await first.hover();
  await page.clock.runFor(60_000);
  await expect(first).toBeVisible();
  await setHidden(page, true);
  await page.mouse.move(2, 2);
  await page.clock.runFor(60_000);
  await expect(first).toBeVisible();
  await setHidden(page, false);
  await page.clock.runFor(16_000);
  await expect(first).toHaveCount(0);

  // In front of a modal dialog, behind which nothing can be reached, and then on the page again.
  await trash("b.txt");
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await dialog.getByRole("button", { name: "Undo" }).click();
  await expect(dialog.getByText("b.txt restored.")).toBeVisible();
  await dialog.getByRole("button", { name: "Dismiss" }).focus();
  await page.keyboard.press("Escape");
  await expect(dialog.getByText("b.txt restored.")).toHaveCount(0);
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);

  await trash("b.txt");
  const undo = notices.getByRole("button", { name: "Undo" });
  await undo.focus();
  await page.clock.runFor(60_000);
  line.serviceDown = true;
  await undo.press("Enter");
  const problem = notices.getByText("b.txt couldn’t be restored.");
  await expect(problem).toBeVisible();
  expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
  await trash("c.txt");
  await expect(notices.getByText("c.txt couldn’t be moved to the trash.")).toBeVisible();
  line.serviceDown = false;
  await page.clock.runFor(600_000);
  await expect(problem).toBeVisible();
  // Several notices leave the tray and the navigation free, on a phone, too.
  await choose(page, [await files.write("d.txt", "Hello")]);
  await uploaded(page);
  for (const viewport of [SMALL_PHONE, { width: 1280, height: 800 }]) {
    await page.setViewportSize(viewport);
    const box = await notices.boundingBox();
    const tray = await trayOf(page).boundingBox();
    if (box === null || tray === null) throw new Error("not shown");
    const apart = box.y + box.height <= tray.y || box.x + box.width <= tray.x;
    expect(apart, `at ${viewport.width} pixels`).toBe(true);
  }
  await check(page, "notices");
  await notices.getByRole("button", { name: "Dismiss" }).first().click();
  await expect(problem).toHaveCount(0);
  await notices.getByRole("button", { name: "Dismiss" }).press("Escape");
  await expect(notices.getByText("c.txt")).toHaveCount(0);
});

test("a page that can't be shown says what to do", async ({ member, line, context }) => {
  await member.route("**/assets/KeysPage-*.js", (route) => route.abort());
  await visit(member, "API keys");
  await expect(member.getByRole("alert")).toContainText(
    "This page couldn’t be loadedThere may be a new version. Reload the page to get it.",
  );
  await context.setOffline(true);
  await expect(member.getByRole("alert")).toContainText("You are offline.");
  await context.setOffline(false);
  await check(member, "broken");
  await member.unroute("**/assets/KeysPage-*.js");
  await member.getByRole("button", { name: "Reload page" }).click();
  await expect(member.getByText("No API keys yet")).toBeVisible();

  // The service refuses, for example because an operator has changed what the user may do.
  line.rewrite = (operation, body) => (operation === "UploadsQuery" ? FORBIDDEN : body);
  await member.goto("/library");
  await expect(member.getByRole("alert")).toContainText(
    "Your account isn’t allowed to do this. Sign in with another account, or contact your administrator.",
  );
  await expect(member.getByRole("button", { name: "Sign out" })).toBeVisible();
  await check(member, "refused");
  line.rewrite = undefined;
  await member.getByRole("button", { name: "Try again" }).click();
  await expect(member.getByText("No files yet")).toBeVisible();
  await visit(member, "API keys");

  line.serviceDown = true;
  await member.reload();
  await expect(member.getByText("The service can’t be reached")).toBeVisible();
  const retry = member.getByRole("button", { name: "Try again" });
  await retry.press("Enter");
  await expect(member.getByText("It still can’t be reached.")).toBeVisible();
  await expect(retry).toBeFocused();
  await check(member, "unreachable");
  line.serviceDown = false;
  await retry.press("Enter");
  await expect(member.getByText("No API keys yet")).toBeVisible();
});

test("the colour switch reaches everything", async ({ member, context }) => {
  await member.emulateMedia({ colorScheme: "light" });
  const toggle = member.getByRole("button", { name: /^Theme:/ });
  await toggle.click();
  await toggle.click();
  await expect(toggle).toHaveAccessibleName("Theme: dark");
  const other = await context.newPage();
  await other.goto("/playground");
  await expect(other.locator("body")).toHaveClass(/graphiql-dark/);
  await expect(other.locator(".monaco-editor").first()).toHaveClass(/vs-dark|graphiql-DARK/i);
  await visit(member, "API keys");
  await member.getByLabel("Name", { exact: true }).fill("dark");
  expect(await schemesOf(member, "select, input, body")).toEqual(["dark"]);
  await member.getByRole("button", { name: "Create key" }).click();
  await expect(member.getByRole("dialog")).toBeVisible();
  expect(await schemesOf(member, "dialog, dialog button")).toEqual(["dark"]);
  await member.getByRole("button", { name: "I’ve saved it" }).click();
  // The switch of one tab reaches the others.
  await toggle.click();
  await toggle.click();
  await expect(other.locator("body")).toHaveClass(/graphiql-light/);
  await expect(other.getByRole("button", { name: "Theme: light" })).toBeVisible();
});

/** Let the page seem to be in a tab that is not shown, or shown again. */
async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

/** The colour schemes that elements use, without repetitions. */
function schemesOf(page: Page, selector: string): Promise<string[]> {
  return page
    .locator(selector)
    .evaluateAll((elements) => [
      ...new Set(elements.map((element) => getComputedStyle(element).colorScheme)),
    ]);
}
