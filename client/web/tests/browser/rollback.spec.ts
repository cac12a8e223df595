import type { Page } from "@playwright/test";
import { Api } from "./support/api.ts";
import { gate } from "./support/gate.ts";
import { expect, test } from "./support/test.ts";

const NAMES = ["one.txt", "two.txt", "three.txt"];

/** Let no request with this operation reach the service. The returned function ends its connection. */
async function lose(page: Page, operation: string): Promise<() => Promise<void>> {
  const { opened: over, open: end } = gate();
  await page.route("**/graphql", async (route) => {
    const { operationName } = route.request().postDataJSON() as { operationName?: string };
    if (operationName !== operation) return route.fallback();
    await over;
    await route.abort("connectionreset");
  });
  return async () => {
    end();
    await page.unrouteAll({ behavior: "wait" });
  };
}

/** Answer all requests with this operation in place of the service, once released. */
async function refuse(page: Page, operation: string, answer: object): Promise<() => void> {
  const { opened: over, open: end } = gate();
  await page.route("**/graphql", async (route) => {
    const { operationName } = route.request().postDataJSON() as { operationName?: string };
    if (operationName !== operation) return route.fallback();
    await over;
    await route.fulfill({ json: answer });
  });
  return end;
}

const CLOSED = {
  __typename: "UploadClosed",
  code: "UPLOAD_CLOSED",
  message: "",
  status: "PENDING",
};
const INTERNAL = { message: "Request 1 failed.", extensions: { code: "INTERNAL" } };
const REFUSALS: readonly (readonly [what: string, answer: object, notice: string])[] = [
  [
    "refuses each file",
    { data: { trashUploads: [CLOSED, CLOSED] } },
    "Only stored files can be moved to the trash.",
  ],
  ["fails", { data: null, errors: [INTERNAL] }, "Request 1 failed."],
];

function names(page: Page) {
  return page.locator(".card").getByRole("button", { name: /^Details of/ });
}

const SHOWN = ["Details of one.txt", "Details of two.txt", "Details of three.txt"];

async function labels(page: Page): Promise<(string | null)[]> {
  return names(page).evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
}

test.beforeEach(async ({ member, baseURL, username }) => {
  const api = await Api.logIn(baseURL ?? "", username);
  for (const name of NAMES) await api.store(name, "text/plain", name);
  await member.goto("/library?sort=oldest");
  await expect.poll(() => labels(member)).toEqual(SHOWN);
});

test("files whose deletion fails return to their places", async ({ member }) => {
  const notices = member.getByRole("log", { name: "Notices" });
  const end = await lose(member, "TrashUploads");
  for (const name of ["one.txt", "three.txt"]) await member.getByLabel(`Select ${name}`).check();
  await member.getByRole("toolbar").getByRole("button", { name: "Delete" }).click();
  await expect.poll(() => labels(member)).toEqual(["Details of two.txt"]);
  await expect(member.getByRole("heading", { name: "Library 1 file" })).toBeVisible();
  await end();
  await expect.poll(() => labels(member)).toEqual(SHOWN);
  await expect(member.getByRole("heading", { name: "Library 3 files" })).toBeVisible();
  await expect(notices).toContainText("2 of 2 files couldn’t be moved to the trash.");
  await expect(notices).toContainText("Check your connection");
  await expect(notices.getByRole("button", { name: "Undo" })).toHaveCount(0);
});

test("a file whose restoring fails stays in the trash", async ({ member }) => {
  await names(member).first().press("Delete");
  await expect(member.getByRole("log", { name: "Notices" })).toContainText("one.txt moved");
  await member.goto("/trash");
  const restore = member.getByRole("button", { name: "Restore one.txt" });
  const end = await lose(member, "RestoreUploads");
  await restore.press("Enter");
  await expect(restore).toHaveCount(0);
  await expect(member.getByRole("heading", { name: "Trash 0 files" })).toBeVisible();
  await end();
  await expect(restore).toBeVisible();
  await expect(member.getByRole("heading", { name: "Trash 1 file" })).toBeVisible();
  await expect(member.getByRole("log", { name: "Notices" })).toContainText(
    "one.txt couldn’t be restored.",
  );
});

test("a name that is not saved is the old one again", async ({ member }) => {
  await names(member).first().click();
  const details = member.getByRole("complementary", { name: "Details" });
  const end = await lose(member, "UseUpdateUpload");
  await details.getByLabel("Name").fill("first.txt");
  await details.getByRole("button", { name: "Rename" }).click();
  await expect.poll(() => labels(member)).toEqual(["Details of first.txt", ...SHOWN.slice(1)]);
  await end();
  await expect.poll(() => labels(member)).toEqual(SHOWN);
  await expect(details.getByRole("alert")).toContainText("Check your connection");
  // What was typed is not lost.
  await expect(details.getByLabel("Name")).toHaveValue("first.txt");
});

for (const [what, answer, notice] of REFUSALS) {
  test(`if the service ${what}, the files are selected again`, async ({ member }) => {
    const end = await refuse(member, "TrashUploads", answer);
    const boxes = ["one.txt", "three.txt"].map((name) => member.getByLabel(`Select ${name}`));
    for (const box of boxes) await box.check();
    await names(member).first().focus();
    await member.keyboard.press("Delete");
    await expect.poll(() => labels(member)).toEqual(["Details of two.txt"]);
    await expect(member.getByRole("toolbar")).toHaveCount(0);
    // The focus goes to the file that is left, and stays there.
    const left = member.getByRole("button", { name: "Details of two.txt" });
    await expect(left).toBeFocused();
    end();
    await expect.poll(() => labels(member)).toEqual(SHOWN);
    for (const box of boxes) await expect(box).toBeChecked();
    await expect(member.getByRole("toolbar")).toContainText("2 files selected");
    await expect(left).toBeFocused();
    await expect(member.getByRole("log", { name: "Notices" })).toContainText(notice);
  });
}

test("tags that the service refuses are the old ones again", async ({ member }) => {
  const invalid = { __typename: "InvalidInput", code: "INVALID_INPUT", message: "Wrong." };
  const fields = [{ __typename: "InvalidField", path: ["tags"], message: "too many tags" }];
  const answer = { data: { updateUpload: { ...invalid, fields } } };
  const end = await refuse(member, "UseUpdateUpload", answer);
  await names(member).first().click();
  const details = member.getByRole("complementary", { name: "Details" });
  const input = details.getByLabel("Tags");
  await input.fill("sea");
  await input.press("Enter");
  await expect(details.locator(".tag")).toHaveText(/sea/);
  end();
  await expect(details.locator(".tag")).toHaveCount(0);
  await expect(details.getByRole("alert")).toContainText("Too many tags");
  await expect(input).toBeFocused();
});
