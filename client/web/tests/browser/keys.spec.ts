import { Api } from "./support/api.ts";
import { expect, test, visit } from "./support/test.ts";

test("an API key is shown once, works and can be revoked", async ({ member, baseURL }) => {
  await visit(member, "API keys");
  await member.getByLabel("Name").fill("backup script");
  await member.getByRole("button", { name: "Create key" }).click();
  const dialog = member.getByRole("dialog", { name: "Your new API key" });
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
  // The list is updated optimistically; the notice appears after the service has responded.
  await expect(member.getByText("API key “backup script” revoked.")).toBeVisible();
  await expect(script.ask("{ uploads { totalCount } }")).rejects.toThrow("UNAUTHENTICATED");
});
