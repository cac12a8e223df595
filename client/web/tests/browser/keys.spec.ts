import { Api } from "./support/api.ts";
import { expect, PASSWORD, test, visit } from "./support/test.ts";

test("an API key is shown once, works and can be revoked", async ({ member, baseURL }) => {
  await visit(member, "API keys");
  await member.getByLabel("Name", { exact: true }).fill("backup script");
  await member.getByRole("button", { name: "Create key" }).click();
  const dialog = member.getByRole("dialog", { name: "Your new API key" });
  // Nothing but its own buttons closes it: the secret is never shown again.
  await expect(dialog.getByRole("button", { name: "Copy" })).toBeFocused();
  await member.keyboard.press("Escape");
  await member.keyboard.press("Escape");
  await member.mouse.click(2, 2);
  await member.goBack();
  await expect(dialog).toBeVisible();
  await expect(member).toHaveURL(/\/keys$/);
  const questions: string[] = [];
  member.on("dialog", (question) => {
    questions.push(question.type());
    void question.dismiss();
  });
  await member.close({ runBeforeUnload: true });
  await expect.poll(() => questions).toEqual(["beforeunload"]);
  await dialog.getByRole("button", { name: "Copy" }).click();
  await expect(dialog.getByText("Copied")).toBeVisible();
  const token = await member.evaluate(() => navigator.clipboard.readText());
  expect(token).toMatch(/^mus_/);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(member.getByText("backup script", { exact: true })).toBeVisible();
  await expect(member.getByText(token)).toHaveCount(0);

  const script = Api.withToken(baseURL ?? "", token);
  expect(await script.ask("{ uploads { totalCount } }")).toEqual({ uploads: { totalCount: 0 } });
  await member.getByRole("button", { name: "Revoke backup script" }).click();
  await member.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(member.getByText("No API keys yet")).toBeVisible();
  await expect(member.locator("#content")).toBeFocused();
  // The list is updated optimistically; the notice appears after the service has responded.
  await expect(member.getByText("API key “backup script” revoked.")).toBeVisible();
  await expect(script.ask("{ uploads { totalCount } }")).rejects.toThrow("UNAUTHENTICATED");
});

test("a key gets the scope that the user chose", async ({ member, baseURL }) => {
  await visit(member, "API keys");
  await expect(member.getByRole("radio", { name: "Everything" })).toBeChecked();
  await member.getByLabel("Name", { exact: true }).fill("camera");
  await member.getByRole("radio", { name: "Upload" }).check();
  await member.getByRole("button", { name: "Create key" }).click();
  const dialog = member.getByRole("dialog", { name: "Your new API key" });
  const token = (await dialog.locator("code").first().textContent()) ?? "";
  await dialog.getByRole("button", { name: "I’ve saved it" }).click();
  await expect(member.getByRole("listitem").filter({ hasText: "camera" })).toContainText(
    /^cameraUpload · created/,
  );
  const script = Api.withToken(baseURL ?? "", token);
  await expect(script.ask("{ uploads { totalCount } }")).rejects.toThrow("FORBIDDEN");
  expect(await script.request([{ filename: "a.txt" }])).toHaveLength(1);
});

test("long after the login, a key needs the password", async ({ member, stack, username }) => {
  await stack.ageSessions(username);
  await visit(member, "API keys");
  await member.getByLabel("Name", { exact: true }).fill("late");
  await member.getByRole("button", { name: "Create key" }).click();
  const prompt = member.getByRole("dialog", { name: "Confirm your password" });
  const field = prompt.getByLabel("Current password");
  await expect(field).toBeFocused();
  await prompt.getByRole("button", { name: "Cancel" }).click();
  await expect(prompt).toHaveCount(0);
  await expect(member.getByLabel("Name", { exact: true })).toHaveValue("late");
  await member.getByRole("button", { name: "Create key" }).click();
  await field.fill("not the password");
  await field.press("Enter");
  await expect(prompt.getByRole("alert")).toHaveText("This password is incorrect.");
  await field.fill(PASSWORD);
  await field.press("Enter");
  const dialog = member.getByRole("dialog", { name: "Your new API key" });
  await expect(dialog).toBeVisible();
  await expect(prompt).toHaveCount(0);
  await dialog.getByRole("button", { name: "I’ve saved it" }).click();
  await expect(member.getByText("late", { exact: true })).toBeVisible();
  await expect(member.getByLabel("Name", { exact: true })).toHaveValue("");
});
