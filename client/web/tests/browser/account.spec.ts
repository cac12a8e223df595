import { expect, logIn, PASSWORD, test } from "./support/test.ts";

const NEW = "staple battery horse";

test("a changed password ends the sessions elsewhere", async ({ member, username, newDevice }) => {
  const elsewhere = await newDevice();
  await logIn(elsewhere, username);

  await member.getByRole("link", { name: `Account of ${username}` }).click();
  await member.getByLabel("Current password").fill("not the password");
  await member.getByLabel("New password").fill(NEW);
  await member.getByRole("button", { name: "Change password" }).click();
  await expect(member.getByRole("alert")).toHaveText("This is not your password.");
  await member.getByLabel("Current password").fill(PASSWORD);
  await member.getByLabel("New password").fill("short");
  await member.getByRole("button", { name: "Change password" }).click();
  await expect(member.getByLabel("New password")).toHaveAttribute("aria-invalid", "true");
  await member.getByLabel("New password").fill(NEW);
  await member.getByRole("button", { name: "Change password" }).click();
  await expect(
    member.getByText("Your password is changed. One other session ended."),
  ).toBeVisible();
  await expect(member.getByLabel("New password")).toHaveValue("");

  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/login$/);
  await elsewhere.getByLabel("Username").fill(username);
  await elsewhere.getByLabel("Password").fill(NEW);
  await elsewhere.getByRole("button", { name: "Log in" }).click();
  await expect(elsewhere.getByRole("heading", { name: "Library" })).toBeVisible();
  await member.reload();
  await expect(member.getByRole("heading", { name: "Account" })).toBeVisible();
});
