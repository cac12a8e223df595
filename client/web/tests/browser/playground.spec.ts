import type { Page } from "@playwright/test";
import { expect, test } from "./support/test.ts";

/** Run the operation until its result appears: the button works only once the editor is loaded. */
async function run(page: Page, answer: string): Promise<void> {
  await expect(async () => {
    await page.getByRole("button", { name: /Execute query/ }).click();
    await expect(page.locator(".result-window")).toContainText(answer, { timeout: 3000 });
  }).toPass();
}

test("the playground uses the session's token and contacts no other host", async ({
  member,
  baseURL,
}) => {
  const strangers: string[] = [];
  member.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== baseURL) strangers.push(request.url());
  });
  await member.goto("/graphql");
  await expect(member).toHaveURL(/\/playground$/);
  await run(member, "totalCount");
  await expect(member.locator(".result-window")).toContainText("quotaBytes");
  for (const name of ["Uploads", "RequestUpload", "Login"]) {
    await expect(member.getByRole("tab", { name })).toBeVisible();
  }
  await member.getByRole("tab", { name: "RequestUpload" }).click();
  await run(member, "partCount");
  expect(strangers).toEqual([]);
});
