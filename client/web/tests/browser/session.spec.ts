import { Api } from "./support/api.ts";
import { bytes } from "./support/files.ts";
import { arrived, choose, expect, PASSWORD, partsOf, signUp, test, visit } from "./support/test.ts";

const PART_BYTES = 16 * 1024 * 1024;

test("sign-in and sign-up show errors beside the fields", async ({
  member,
  username,
  newDevice,
}) => {
  await expect(member.getByText(username)).toBeVisible();
  const visitor = await newDevice();
  await visitor.goto("/signup");
  await visitor.getByLabel("Username").fill(username.toUpperCase());
  await visitor.getByLabel("Password").fill(PASSWORD);
  // The service limits the rate of sign-ups from one address.
  await expect(async () => {
    await visitor.getByRole("button", { name: "Create account" }).click();
    await expect(visitor.getByText("This username is taken.")).toBeVisible({ timeout: 2000 });
  }).toPass({ intervals: [2000], timeout: 90_000 });
  await visitor.getByLabel("Username").fill("a!");
  await visitor.getByLabel("Password").fill("short");
  await visitor.getByRole("button", { name: "Create account" }).press("Enter");
  await expect(visitor.getByLabel("Username")).toHaveAttribute("aria-invalid", "true");
  await expect(visitor.getByLabel("Username")).toBeFocused();
  await expect(visitor.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");

  await visitor.goto("/library");
  await expect(visitor).toHaveURL(/\/login$/);
  await visitor.getByLabel("Username").fill(username);
  await visitor.getByLabel("Password").fill("not the password");
  await visitor.getByRole("button", { name: "Sign in" }).click();
  await expect(visitor.getByRole("alert")).toHaveText("Incorrect username or password.");
  await expect(visitor.getByRole("alert")).toBeFocused();
  await visitor.getByLabel("Password").fill(PASSWORD);
  await visitor.getByRole("button", { name: "Sign in" }).click();
  await expect(visitor.getByRole("heading", { name: "Library" })).toBeVisible();
});

test("concurrent requests renew an expired token once", async ({ page, line, username }) => {
  await page.clock.install();
  await signUp(page, username);
  line.operations.length = 0;
  await page.clock.fastForward("01:00:00");
  // The page requests the list, the usage and the keys; each request needs a token.
  await Promise.all([
    visit(page, "API keys"),
    page.getByRole("link", { name: "Library" }).first().click(),
  ]);
  await visit(page, "API keys");
  await expect(page.getByText("No API keys yet")).toBeVisible();
  expect(line.operations.filter((name) => name === "RefreshRequest")).toHaveLength(1);
});

test("a changed signing key of the service causes one renewal", async ({ member, line, stack }) => {
  // With its code, which can't be loaded without the stack.
  await expect(member.getByText("No files yet")).toBeVisible();
  await stack.down();
  await stack.up({ JWT_SECRET_KEY: `another:${"0123456789abcdef".repeat(4)}` });
  line.operations.length = 0;
  await visit(member, "API keys");
  await expect(member.getByText("No API keys yet")).toBeVisible();
  await visit(member, "Library");
  await expect(member.getByText("No files yet")).toBeVisible();
  expect(line.operations.filter((name) => name === "RefreshRequest")).toHaveLength(1);
  await stack.down();
  await stack.up();
});

test("tabs never use a refresh token twice", async ({ member, context }) => {
  const other = await context.newPage();
  await other.goto("/library");
  for (let round = 0; round < 4; round += 1) {
    // Each reload interrupts a page while it renews its token.
    await Promise.all(
      [member, other].map((page) =>
        Promise.all([
          page.waitForEvent("domcontentloaded"),
          page.evaluate(() => location.reload()),
        ]),
      ),
    );
  }
  for (const page of [member, other]) {
    await page.goto("/library");
    await expect(page.getByRole("heading", { name: "Library" })).toBeVisible();
  }
});

test("signing out in one tab signs out all tabs", async ({ member, context }) => {
  const other = await context.newPage();
  await other.goto("/keys");
  await expect(other.getByRole("heading", { name: "API keys", exact: true })).toBeVisible();
  await member.getByRole("button", { name: "Sign out" }).click();
  await expect(member.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(other.getByText("You signed out in another tab.")).toBeVisible();
  await other.goto("/library");
  await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a lost renewal response ends the session; its uploads can be resumed", async ({
  member,
  files,
  line,
  stack,
  username,
}) => {
  const release = line.hold(3);
  const path = await files.write("film.bin", bytes(4 * PART_BYTES, 7));
  await choose(member, [path]);
  await arrived(line, [1, 2]);
  // The restarted service rejects all access tokens, so the page renews its own. It never receives
  // the new refresh token, and to the service the second use of the old one looks like theft.
  await stack.down();
  line.loseResponseOf = "RefreshRequest";
  await stack.up({ JWT_SECRET_KEY: `another:${"0123456789abcdef".repeat(4)}` });
  release();
  await expect(member.getByText("Your session has ended.")).toBeVisible();
  expect(line.loseResponseOf).toBeUndefined();
  await member.getByLabel("Username").fill(username);
  await member.getByLabel("Password").fill(PASSWORD);
  await member.getByRole("button", { name: "Sign in" }).click();
  // The browser no longer stores the file, so the user chooses it again.
  await expect(member.getByRole("heading", { name: "Upload" })).toBeVisible();
  await visit(member, "Library");
  await member.getByRole("button", { name: "Details of film.bin" }).click();
  const details = member.getByRole("complementary");
  await details.getByTestId("resume-file").setInputFiles(path);
  await expect(details.getByText("Stored", { exact: true }).first()).toBeVisible({
    timeout: 120_000,
  });
  expect([...new Set(partsOf(line))]).toEqual([1, 2, 3, 4]);
  expect(partsOf(line).filter((part) => part <= 2)).toEqual([1, 2]);
  await stack.down();
  await stack.up();
});

test("a session that ended elsewhere leads to the sign-in page and back", async ({
  member,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  await api.ask("mutation { logout(everywhere: true) { sessionsEnded } }");
  await visit(member, "API keys");
  await expect(member.getByText("Your session has ended.")).toBeVisible();
  await member.getByLabel("Username").fill(username);
  await member.getByLabel("Password").fill(PASSWORD);
  await member.getByRole("button", { name: "Sign in" }).click();
  await expect(member.getByRole("heading", { name: "API keys", exact: true })).toBeVisible();
});
