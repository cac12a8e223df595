import { Api } from "./support/api.ts";
import { bytes } from "./support/files.ts";
import {
  arrived,
  choose,
  expect,
  PASSWORD,
  partsOf,
  signUp,
  test,
  uploaded,
  visit,
} from "./support/test.ts";

const PART_BYTES = 16 * 1024 * 1024;

test("wrong entries are answered at their place", async ({ member, username, newDevice }) => {
  await expect(member.getByText(username)).toBeVisible();
  const visitor = await newDevice();
  await visitor.goto("/signup");
  await visitor.getByLabel("Username").fill(username.toUpperCase());
  await visitor.getByLabel("Password").fill(PASSWORD);
  // The service lets one address try so many sign-ups in a while.
  await expect(async () => {
    await visitor.getByRole("button", { name: "Create account" }).click();
    await expect(visitor.getByText("This name is taken.")).toBeVisible({ timeout: 2000 });
  }).toPass({ intervals: [2000], timeout: 90_000 });
  await visitor.getByLabel("Username").fill("a!");
  await visitor.getByLabel("Password").fill("short");
  await visitor.getByRole("button", { name: "Create account" }).click();
  await expect(visitor.getByLabel("Username")).toHaveAttribute("aria-invalid", "true");
  await expect(visitor.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");

  await visitor.goto("/library");
  await expect(visitor).toHaveURL(/\/login$/);
  await visitor.getByLabel("Username").fill(username);
  await visitor.getByLabel("Password").fill("not the password");
  await visitor.getByRole("button", { name: "Log in" }).click();
  await expect(visitor.getByRole("alert")).toHaveText("The username or the password is wrong.");
  await visitor.getByLabel("Password").fill(PASSWORD);
  await visitor.getByRole("button", { name: "Log in" }).click();
  await expect(visitor.getByRole("heading", { name: "Library" })).toBeVisible();
});

test("requests that meet the token's end renew it once", async ({ page, line, username }) => {
  await page.clock.install();
  await signUp(page, username);
  line.operations.length = 0;
  await page.clock.fastForward("01:00:00");
  // The page asks for the list, the usage and the keys; each needs a token.
  await Promise.all([
    visit(page, "API keys"),
    page.getByRole("link", { name: "Library" }).first().click(),
  ]);
  await visit(page, "API keys");
  await expect(page.getByText("No keys yet")).toBeVisible();
  expect(line.operations.filter((name) => name === "RefreshSession")).toHaveLength(1);
});

test("a service that signs with another key is met by one renewal", async ({
  member,
  line,
  stack,
}) => {
  await stack.down();
  await stack.up({ JWT_SECRET_KEY: `another:${"0123456789abcdef".repeat(4)}` });
  line.operations.length = 0;
  await visit(member, "API keys");
  await expect(member.getByText("No keys yet")).toBeVisible();
  await visit(member, "Library");
  await expect(member.getByText("Nothing here yet")).toBeVisible();
  expect(line.operations.filter((name) => name === "RefreshSession")).toHaveLength(1);
  await stack.down();
  await stack.up();
});

test("tabs never use one refresh token twice", async ({ member, context }) => {
  const other = await context.newPage();
  await other.goto("/library");
  for (let round = 0; round < 4; round += 1) {
    // Each reload leaves a page in the middle of its renewal.
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

test("a tab that logs out takes the others with it", async ({ member, context }) => {
  const other = await context.newPage();
  await other.goto("/keys");
  await expect(other.getByRole("heading", { name: "API keys" })).toBeVisible();
  await member.getByRole("button", { name: "Log out" }).click();
  await expect(member.getByRole("heading", { name: "Log in" })).toBeVisible();
  await expect(other.getByText("You have logged out in another tab.")).toBeVisible();
  await other.goto("/library");
  await expect(other.getByRole("heading", { name: "Log in" })).toBeVisible();
});

test("a renewal whose answer is lost ends the session, and no upload with it", async ({
  member,
  files,
  line,
  stack,
  username,
}) => {
  const release = line.hold(3);
  await choose(member, [await files.write("film.bin", bytes(4 * PART_BYTES, 7))]);
  await arrived(line, [1, 2]);
  // The service knows no token any more, so the page renews its own. The service can't know that
  // the next refresh token did not arrive: the second use of the last one looks like a thief's.
  await stack.down();
  line.answerLost = "RefreshSession";
  await stack.up({ JWT_SECRET_KEY: `another:${"0123456789abcdef".repeat(4)}` });
  release();
  await expect(member.getByText("Your session has ended.")).toBeVisible();
  expect(line.answerLost).toBeUndefined();
  await member.getByLabel("Username").fill(username);
  await member.getByLabel("Password").fill(PASSWORD);
  await member.getByRole("button", { name: "Log in" }).click();
  await uploaded(member);
  expect(partsOf(line)).toEqual([1, 2, 3, 4]);
  await stack.down();
  await stack.up();
});

test("a session that has ended elsewhere leads to the login, and back", async ({
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
  await member.getByRole("button", { name: "Log in" }).click();
  await expect(member.getByRole("heading", { name: "API keys" })).toBeVisible();
});
