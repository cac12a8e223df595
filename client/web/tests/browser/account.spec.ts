import { Api } from "./support/api.ts";
import { expect, logIn, PASSWORD, test, visit } from "./support/test.ts";

const NEW = "staple battery horse";

test("changing the password signs out other devices", async ({ member, username, newDevice }) => {
  const elsewhere = await newDevice();
  await logIn(elsewhere, username);

  await member.getByRole("link", { name: `Account: ${username}` }).click();
  await member.getByLabel("Current password").fill("not the password");
  await member.getByLabel("New password").fill(NEW);
  await member.getByRole("button", { name: "Change password" }).click();
  await expect(member.getByRole("alert")).toHaveText("This password is incorrect.");
  await expect(member.getByLabel("Current password")).toBeFocused();
  await member.getByLabel("Current password").fill(PASSWORD);
  await member.getByLabel("New password").fill("short");
  await member.getByRole("button", { name: "Change password" }).click();
  await expect(member.getByLabel("New password")).toHaveAttribute("aria-invalid", "true");
  await member.getByLabel("New password").fill(NEW);
  await member.getByRole("button", { name: "Change password" }).click();
  await expect(
    member.getByText("Password changed. You were signed out of 1 other session."),
  ).toBeVisible();
  await expect(member.getByLabel("New password")).toHaveValue("");

  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/login$/);
  await elsewhere.getByLabel("Username").fill(username);
  await elsewhere.getByLabel("Password").fill(NEW);
  await elsewhere.getByRole("button", { name: "Sign in" }).click();
  await expect(elsewhere.getByRole("heading", { name: "Library" })).toBeVisible();
  await member.reload();
  await expect(member.getByRole("heading", { name: "Account" })).toBeVisible();
});

test("sessions are ended, one or all others, without a question", async ({
  member,
  username,
  newDevice,
  baseURL,
}) => {
  const elsewhere = await newDevice();
  await logIn(elsewhere, username);
  await member.getByRole("link", { name: `Account: ${username}` }).click();
  const rows = member.getByRole("listitem");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("This device");
  const other = rows.nth(1);
  await expect(other).toContainText(/^Chrome on LinuxSigned in .* · last used/);
  await other.getByRole("button", { name: "End session of Chrome on Linux" }).press("Enter");
  // The row says it, and keeps the focus.
  await expect(other.getByRole("button")).toHaveText("Ended");
  await expect(other.getByRole("button")).toBeFocused();
  await visit(elsewhere, "API keys");
  await expect(elsewhere.getByText("Your session has ended.")).toBeVisible();

  for (let count = 0; count < 2; count += 1) await Api.logIn(baseURL ?? "", username);
  await member.reload();
  await expect(rows).toHaveCount(3);
  const all = member.getByRole("button", { name: "End all other sessions" });
  await all.press("Enter");
  await expect(rows.getByText("Ended", { exact: true })).toHaveCount(2);
  await expect(all).toHaveCount(0);
  await expect(member.locator("#content")).toBeFocused();
  await member.reload();
  await expect(rows).toHaveCount(1);
  await expect(member.getByText("You are not signed in anywhere else.")).toBeVisible();
});

test("changing the password revokes API keys on request", async ({ member, baseURL, username }) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const key = 'mutation { createApiKey(input: { name: "old" }) { __typename } }';
  await api.ask(key);
  await member.getByRole("link", { name: `Account: ${username}` }).click();
  await expect(member.getByRole("listitem")).toHaveCount(2);
  await member.getByLabel("Current password").fill(PASSWORD);
  await member.getByLabel("New password").fill(NEW);
  await member.getByLabel("Also revoke all API keys").check();
  await member.getByRole("button", { name: "Change password" }).click();
  await expect(member.getByText("Your API keys were revoked.")).toBeVisible();
  await expect(member.getByLabel("Also revoke all API keys")).not.toBeChecked();
  await expect(member.getByRole("listitem")).toHaveCount(1);
  await visit(member, "API keys");
  await expect(member.getByText("No API keys yet")).toBeVisible();
});
