import { expect, test } from "./support/test.ts";

test("the playground runs its examples with the session's token, and asks no other host", async ({
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
  await member.getByRole("button", { name: /Execute query/ }).click();
  await expect(member.locator(".result-window")).toContainText("totalCount");
  await expect(member.locator(".result-window")).toContainText("quotaBytes");
  for (const name of ["Uploads", "RequestUpload", "Login"]) {
    await expect(member.getByRole("tab", { name })).toBeVisible();
  }
  await member.getByRole("tab", { name: "RequestUpload" }).click();
  await member.getByRole("button", { name: /Execute query/ }).click();
  await expect(member.locator(".result-window")).toContainText("partCount");
  expect(strangers).toEqual([]);
});
