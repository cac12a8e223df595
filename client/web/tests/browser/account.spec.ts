import { expect, logIn, PASSWORD, test } from "./support/test.ts";

const NEW = "staple battery horse";

test("changing the password signs out other devices", async ({ member, username, newDevice }) => {
  const elsewhere = await newDevice();
  await logIn(elsewhere, username);

  await member.getByRole("link", { name: `Account: ${username}` }).click();
  await member.getByLabel("Current password").fill("not the password");
  await member.getByLabel("New password").fill(NEW);
  await member.getByRole("button", { name: "Change password" }).click();
  await expect(member.getByRole("alert")).toHaveText("This password is incorrect.");
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
