import { Api } from "./support/api.ts";
import { bytes, png, wav } from "./support/files.ts";
import { check } from "./support/pages.ts";
import { choose, expect, summaryOf, test, trayOf, uploaded, visit } from "./support/test.ts";

/** Known violations inside GraphiQL 5.4, which only that project can fix: axe rule to selector. */
const GRAPHIQL = {
  // Tabs contain their own close buttons.
  "nested-interactive": ".graphiql-tab",
  // The editor's (Monaco's) colours of numbers (light: 4.1 to 1) and comments (dark: 3.6 to 1).
  "color-contrast": ".monaco-editor .view-line",
};

test("pages for visitors", async ({ page }) => {
  await page.goto("/login");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await check(page, "login");
  await page.goto("/signup");
  await page.getByLabel("Username").fill("a!");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await check(page, "signup");
});

test("the library in each of its states", async ({ member, baseURL, username }) => {
  await expect(member.getByText("No files yet")).toBeVisible();
  await check(member, "library-empty");
  const api = await Api.logIn(baseURL ?? "", username);
  for (let hue = 0; hue < 6; hue += 1) {
    await api.store(`Coast ${hue + 1}.png`, "image/png", png(480, 360, hue), ["coast", "2026"]);
  }
  await api.store("Tone.wav", "audio/wav", wav(), ["sound"]);
  await api.store(
    "Notes on a very long walk along the northern coast in autumn.txt",
    "text/plain",
    "…",
  );
  await api.request([{ filename: "Film.mp4", contentType: "video/mp4", size: 300_000_000 }]);
  await member.reload();
  await expect(member.getByRole("heading", { name: "Library 9 files" })).toBeVisible();
  await check(member, "library-grid");
  await member.getByLabel("Select Tone.wav").check({ force: true });
  await member.getByLabel("Select Coast 6.png").check({ force: true });
  await member.getByRole("button", { name: "Tags", exact: true }).last().click();
  await check(member, "library-tags");
  await member.keyboard.press("Escape");
  await member.getByRole("button", { name: "Type" }).click();
  await member.getByRole("radio", { name: "Images" }).press("Space");
  await expect(member.locator(".card")).toHaveCount(6);
  await check(member, "library-filters");
  await member.keyboard.press("Escape");
  await member.getByRole("button", { name: "Clear filters" }).click();
  await member.getByLabel("Select Tone.wav").check({ force: true });
  await member.getByLabel("Select Coast 6.png").check({ force: true });
  await check(member, "library-selection");
  await member.getByRole("button", { name: "List", exact: true }).click();
  await check(member, "library-list");
  await member.getByRole("button", { name: "Clear selection" }).click();
  await member.getByRole("button", { name: "Coast 2.png", exact: true }).click();
  await expect(
    member.getByRole("complementary").getByText("Stored", { exact: true }).first(),
  ).toBeVisible();
  await check(member, "details");
  await member.keyboard.press("Escape");
  await member.getByRole("button", { name: "Film.mp4", exact: true }).click();
  await expect(member.getByRole("button", { name: "Cancel upload" })).toBeVisible();
  await check(member, "details-pending");
  await member.getByRole("complementary").getByRole("button", { name: "Delete" }).click();
  await check(member, "delete");
  await member.getByRole("button", { name: "Cancel" }).last().click();
  await member.keyboard.press("Escape");
});

test("the other pages for signed-in users", async ({ member, files, baseURL, username, stack }) => {
  await Api.logIn(baseURL ?? "", username); // A second session, which the account page can end.
  await visit(member, "Upload");
  await expect(member.getByRole("button", { name: "Choose files" })).toBeVisible();
  await check(member, "upload");
  await choose(member, [
    await files.write("Cliffs.png", png(640, 480, 4)),
    await files.write("Sound.wav", wav()),
    await files.write("Data.bin", bytes(100_000, 1)),
  ]);
  await uploaded(member);
  await check(member, "upload-done");
  await member.getByRole("button", { name: "Close uploads" }).click();
  await expect(trayOf(member)).toHaveCount(0);

  await visit(member, "API keys");
  await member.getByLabel("Name", { exact: true }).fill("backup script");
  await member.getByRole("button", { name: "Create key" }).click();
  await expect(member.getByRole("dialog")).toBeVisible();
  await check(member, "key-new");
  await member.getByRole("button", { name: "I’ve saved it" }).click();
  await check(member, "keys");
  await stack.ageSessions(username);
  await member.getByLabel("Name", { exact: true }).fill("camera");
  await member.getByRole("button", { name: "Create key" }).click();
  await expect(member.getByRole("dialog", { name: "Confirm your password" })).toBeVisible();
  await check(member, "key-password");
  await member.keyboard.press("Escape");

  await member.getByRole("link", { name: /^Account:/ }).click();
  await expect(member.getByRole("heading", { name: "Account", exact: true })).toBeVisible();
  await expect(member.getByText("This device")).toBeVisible();
  await check(member, "account");
  await member
    .getByRole("button", { name: /^End session of/ })
    .first()
    .click();
  await expect(member.getByText("Ended", { exact: true })).toBeVisible();
  await check(member, "session-ended");

  await member.goto("/nowhere");
  await expect(member.getByText("Page not found")).toBeVisible();
  await check(member, "not-found");
});

test("signing out while uploading", async ({ member, files, line }) => {
  line.hold(1);
  await choose(member, [await files.write("Cliffs.png", png(640, 480, 4))]);
  await expect(summaryOf(member)).toContainText("Uploading 1 file");
  await member.getByRole("button", { name: "Sign out" }).click();
  await expect(member.getByRole("dialog", { name: "Sign out while uploading?" })).toBeVisible();
  await check(member, "sign-out");
});

test("the playground", async ({ member }) => {
  await visit(member, "Playground");
  await expect(async () => {
    await member.getByRole("button", { name: /Execute query/ }).click();
    await expect(member.locator(".result-window")).toContainText("totalCount", { timeout: 3000 });
  }).toPass();
  await check(member, "playground", GRAPHIQL);
});

test("everything is reachable by keyboard", async ({ member, baseURL, username }) => {
  const api = await Api.logIn(baseURL ?? "", username);
  await api.store("notes.txt", "text/plain", "Hello");
  await member.reload();
  await expect(member.getByRole("button", { name: "Details of notes.txt" })).toBeVisible();
  await member.keyboard.press("Tab");
  await expect(member.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await member.keyboard.press("Enter");
  await expect(member.locator("#content")).toBeFocused();
  const seen: string[] = [];
  for (let step = 0; step < 20 && !seen.includes("Details of notes.txt"); step += 1) {
    await member.keyboard.press("Tab");
    seen.push(
      await member.evaluate(() => {
        const element = document.activeElement;
        return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
      }),
    );
  }
  expect(seen).toContain("Search by name");
  expect(seen).toContain("Details of notes.txt");
  await member.keyboard.press("Enter");
  const details = member.getByRole("complementary", { name: "Details" });
  await expect(details).toBeVisible();
  await member.keyboard.press("Escape");
  await expect(member.getByRole("button", { name: "Details of notes.txt" })).toBeFocused();
  await member.keyboard.press("Space");
  await expect(member.getByRole("toolbar", { name: "Selected files" })).toBeVisible();
});
