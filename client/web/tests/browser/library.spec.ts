import { Api } from "./support/api.ts";
import { png, wav } from "./support/files.ts";
import { expect, rowsOf, test, uploaded, visit } from "./support/test.ts";

test("search, filters and sorting", async ({ member, baseURL, username }) => {
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
  await member.getByLabel("Search by name").fill("REPORT 11");
  await expect(cards).toHaveCount(10);
  await expect(member).toHaveURL(/q=REPORT/);
  await member.getByLabel("Search by name").fill("");
  const menu = (name: string) => member.getByRole("button", { name, exact: true });
  await menu("Type").click();
  await member.getByRole("radio", { name: "Images" }).click();
  await expect(cards).toHaveCount(1);
  await expect(member.getByRole("radio")).toHaveCount(0);
  await expect(menu("Type")).toBeFocused();
  await menu("Remove filter: Images").click();
  await menu("Status").press("Enter");
  await member.getByRole("radio", { name: "Current" }).press("ArrowDown");
  await expect(member).toHaveURL(/status=stored/);
  await member.getByRole("radio", { name: "Stored" }).press("ArrowDown");
  await member.keyboard.press("Escape");
  await expect(menu("Status")).toBeFocused();
  await member.getByRole("button", { name: /^Sort/ }).click();
  await member.getByRole("radio", { name: "Largest first" }).click();
  await expect(cards.first()).toContainText("report 119.txt");
  await menu("Tags").click();
  const tags = member.getByLabel("With all these tags");
  await tags.focus();
  // The tags of the files that the page has loaded.
  await expect(member.locator("datalist option")).toHaveCount(3);
  await tags.fill("final");
  await tags.press("Enter");
  await expect(cards).toHaveCount(3);
  await menu("Date").click();
  await member.getByLabel("Added from").fill("2020-01-01");
  await member.getByLabel("Added until").fill("2020-01-31");
  await member.keyboard.press("Escape");
  await expect(menu("Remove filter: Jan 1, 2020 – Jan 31, 2020")).toBeVisible();
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
  const details = member.getByRole("complementary", { name: "Details" });
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
  await details.getByRole("button", { name: "Share" }).click();
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
  await expect(member.getByRole("heading", { name: "Library 1 file" })).toBeVisible();
  await expect(member.getByText("quiet.wav moved to the trash.")).toBeVisible();
  expect(line.operations.filter((name) => name === "TrashUploads")).toHaveLength(1);
});

test("several files are selected, downloaded and deleted together", async ({
  member,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  for (const name of ["a.txt", "b.txt", "c.txt", "d.txt"])
    await api.store(name, "text/plain", name);
  await member.addInitScript(() => Reflect.deleteProperty(window, "showSaveFilePicker"));
  await member.reload();
  await member.getByRole("button", { name: "List", exact: true }).click();
  await member.getByLabel("Select d.txt").check();
  await member.getByLabel("Select b.txt").click({ modifiers: ["Shift"] });
  const bar = member.getByRole("toolbar", { name: "Selected files" });
  await expect(bar).toContainText("3 files selected, 15 bytes");

  const saving = member.waitForEvent("download");
  await bar.getByRole("button", { name: "Download" }).click();
  expect((await saving).suggestedFilename()).toMatch(/\.zip$/);

  await bar.getByRole("button", { name: "Delete" }).click();
  await expect(member.getByText("3 files moved to the trash.")).toBeVisible();
  await expect(member.getByRole("heading", { name: "Library 1 file" })).toBeVisible();
  // The trash counts, too.
  await expect(member.getByRole("meter")).toHaveText("20 bytes of 1 GB used");
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
  line.serviceDown = true;
  await member.getByRole("toolbar").getByRole("button", { name: "Delete" }).click();
  await expect(member.getByText("stays.txt couldn’t be moved to the trash.")).toBeVisible();
  await expect(member.getByRole("button", { name: "Details of stays.txt" })).toBeVisible();
  await visit(member, "API keys");
  await expect(member.getByText("Your API keys couldn’t be loaded")).toBeVisible();
  line.serviceDown = false;
  await member.getByRole("button", { name: "Try again" }).click();
  await expect(member.getByText("No API keys yet")).toBeVisible();
});

test("files dropped on any page are uploaded, without leaving it", async ({ member }) => {
  const drop = await member.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["dropped"], "dropped.txt", { type: "text/plain" }));
    return transfer;
  });
  await visit(member, "API keys");
  await member.locator("body").dispatchEvent("drop", { dataTransfer: drop });
  await uploaded(member);
  await expect(rowsOf(member, "dropped.txt")).toContainText("Stored");
  await expect(member).toHaveURL(/\/keys$/);
  await visit(member, "Library");
  await expect(member.getByRole("button", { name: "Details of dropped.txt" })).toBeVisible();
});
