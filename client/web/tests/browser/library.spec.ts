import { Api } from "./support/api.ts";
import { png, wav } from "./support/files.ts";
import { expect, test, visit } from "./support/test.ts";

test("search, filters, sorting and paging", async ({ member, baseURL, username }) => {
  const api = await Api.logIn(baseURL ?? "", username);
  await api.request(
    Array.from({ length: 120 }, (_, index) => ({
      filename: `report ${String(index).padStart(3, "0")}.txt`,
      size: index + 1,
      tags: index % 40 === 0 ? ["quarter", "final"] : ["draft"],
    })),
  );
  await api.store("beach.png", "image/png", png(64, 48, 2));
  await member.reload();
  await expect(member.getByRole("heading", { name: "Library 121 files" })).toBeVisible();
  const cards = member.locator(".card");
  await expect(cards.first()).toContainText("beach.png");
  // Scrolling near the end of the list loads the next page.
  await expect
    .poll(async () => {
      await member.mouse.wheel(0, 5000);
      return cards.count();
    })
    .toBe(121);
  await member.evaluate(() => scrollTo(0, 0));

  await member.getByLabel("Search by name").fill("REPORT 11");
  await expect(cards).toHaveCount(10);
  await expect(member).toHaveURL(/q=REPORT/);
  await member.getByLabel("Search by name").fill("");
  await member.getByLabel("Type").selectOption("Images");
  await expect(cards).toHaveCount(1);
  await member.getByLabel("Type").selectOption("All types");
  await member.getByLabel("Status").selectOption("Incomplete");
  await member.getByLabel("Sort").selectOption("Largest first");
  await expect(cards.first()).toContainText("report 119.txt");
  await member.getByRole("button", { name: "More filters" }).click();
  await member.getByLabel("With all these tags").fill("final");
  await member.getByLabel("With all these tags").press("Enter");
  await expect(cards).toHaveCount(3);
  await member.getByLabel("Added from").fill("2020-01-01");
  await member.getByLabel("Added until").fill("2020-01-31");
  await expect(member.getByText("No files match")).toBeVisible();
  // The URL keeps the filters across a reload.
  await member.reload();
  await expect(member.getByText("No files match")).toBeVisible();
  await member.getByRole("button", { name: "Clear filters" }).click();
  await expect(member.getByRole("heading", { name: "Library 121 files" })).toBeVisible();
});

test("rename, tag, copy a link, delete", async ({ member, baseURL, username, line }) => {
  const api = await Api.logIn(baseURL ?? "", username);
  await api.store("tone.wav", "audio/wav", wav());
  await api.store("beach.png", "image/png", png(64, 48, 2));
  await member.reload();
  await member.getByRole("button", { name: "Details of tone.wav" }).click();
  const details = member.getByRole("dialog", { name: "Details" });
  await expect
    .poll(() => details.locator("audio").evaluate((audio: HTMLAudioElement) => audio.duration))
    .toBeGreaterThan(0.9);

  await details.getByLabel("Name").fill("x".repeat(300));
  await details.getByRole("button", { name: "Rename" }).click();
  await expect(details.getByRole("alert")).toBeVisible();
  await details.getByLabel("Name").fill("quiet.wav");
  await details.getByRole("button", { name: "Rename" }).click();
  await details.getByLabel("Tags").fill("sound");
  await details.getByLabel("Tags").press("Enter");
  await expect(details.getByText("sound", { exact: true })).toBeVisible();
  await details.getByRole("button", { name: "Copy link" }).click();
  await expect(details.getByText("Link copied")).toBeVisible();
  const link = await member.evaluate(() => navigator.clipboard.readText());
  expect(Buffer.from(await (await fetch(link)).arrayBuffer())).toEqual(wav());
  await member.keyboard.press("Escape");
  await expect(member.getByRole("button", { name: "Details of quiet.wav" })).toBeFocused();

  await member.reload();
  await member.getByRole("button", { name: "Details of quiet.wav" }).click();
  await expect(details.getByText("sound", { exact: true })).toBeVisible();
  await details.getByRole("button", { name: "Delete" }).click();
  const confirmation = member.getByRole("dialog", { name: "Delete this file?" });
  await confirmation.getByRole("button", { name: "Cancel" }).click();
  await expect(member.getByRole("button", { name: "Details of quiet.wav" })).toBeVisible();
  await details.getByRole("button", { name: "Delete" }).click();
  await confirmation.getByRole("button", { name: "Delete" }).click();
  await expect(member.getByRole("heading", { name: "Library 1 file" })).toBeVisible();
  expect(line.operations.filter((name) => name === "DeleteUpload")).toHaveLength(1);
});

test("several files are selected, downloaded and deleted together", async ({
  member,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  for (const name of ["a.txt", "b.txt", "c.txt", "d.txt"])
    await api.store(name, "text/plain", name);
  await member.reload();
  await member.getByRole("button", { name: "List", exact: true }).click();
  await member.getByLabel("Select d.txt").check();
  await member.getByLabel("Select b.txt").click({ modifiers: ["Shift"] });
  const bar = member.getByRole("toolbar", { name: "Selected files" });
  await expect(bar).toContainText("3 files selected, 15 bytes");

  const names: string[] = [];
  member.on("download", (download) => names.push(download.suggestedFilename()));
  await bar.getByRole("button", { name: "Download" }).click();
  await expect.poll(() => [...names].sort()).toEqual(["b.txt", "c.txt", "d.txt"]);

  await bar.getByRole("button", { name: "Delete" }).click();
  await member.getByRole("dialog").getByRole("button", { name: "Delete 3 files" }).click();
  await expect(member.getByText("3 files deleted.")).toBeVisible();
  await expect(member.getByRole("heading", { name: "Library 1 file" })).toBeVisible();
  await expect(member.getByRole("meter")).toHaveText("5 bytes of 1 GB used");
});

test("the page reverts changes that the service did not make", async ({
  member,
  baseURL,
  username,
  line,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  await api.store("stays.txt", "text/plain", "I stay.");
  await member.reload();
  await member.getByLabel("Select stays.txt").check({ force: true });
  await member.getByRole("toolbar").getByRole("button", { name: "Delete" }).click();
  line.serviceDown = true;
  await member.getByRole("dialog").getByRole("button", { name: "Delete 1 file" }).click();
  await expect(member.getByText("1 of 1 file couldn’t be deleted.")).toBeVisible();
  await expect(member.getByRole("button", { name: "Details of stays.txt" })).toBeVisible();
  await visit(member, "API keys");
  await expect(member.getByText("Your API keys couldn’t be loaded")).toBeVisible();
  line.serviceDown = false;
  await member.getByRole("button", { name: "Try again" }).click();
  await expect(member.getByText("No API keys yet")).toBeVisible();
});

test("files dropped on the library are uploaded", async ({ member }) => {
  const drop = await member.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["dropped"], "dropped.txt", { type: "text/plain" }));
    return transfer;
  });
  await member.locator(".drop-zone").dispatchEvent("drop", { dataTransfer: drop });
  await expect(member.getByRole("heading", { name: "Upload" })).toBeVisible();
  await expect(member.locator(".uppy-StatusBar.is-complete")).toBeVisible();
  await visit(member, "Library");
  await expect(member.getByRole("button", { name: "Details of dropped.txt" })).toBeVisible();
});

test("the focus moves to the page's content when its file is deleted", async ({
  member,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  for (const name of ["one.txt", "two.txt"]) await api.store(name, "text/plain", "Hello");
  await member.reload();
  await member.getByRole("button", { name: "Details of one.txt" }).press("Enter");
  const details = member.getByRole("dialog", { name: "Details" });
  await details.getByRole("button", { name: "Delete" }).press("Enter");
  await member
    .getByRole("dialog", { name: "Delete this file?" })
    .getByRole("button", { name: "Delete" })
    .press("Enter");
  await expect(member.locator("#content")).toBeFocused();

  await member.getByLabel("Select two.txt").press("Space");
  await member.getByRole("toolbar").getByRole("button", { name: "Delete" }).press("Enter");
  await member.getByRole("dialog").getByRole("button", { name: "Delete 1 file" }).press("Enter");
  await expect(member.getByText("No files yet")).toBeVisible();
  await expect(member.locator("#content")).toBeFocused();
});
