import type { Page } from "@playwright/test";
import { Api } from "./support/api.ts";
import { bytes, png } from "./support/files.ts";
import { expect, QUOTA_BYTES, rowsOf, test, uploaded, visit } from "./support/test.ts";

const RAW = "holiday\u202egnp.txt";
const SHOWN = "holiday[U+202E]gnp.txt";
const BLANK = "\u200b\u2060";
const PERSIAN = "می\u200cخواهم.txt";

/** Expect that no text and no attribute of the page holds a control or a bidi control. */
async function expectNothingHidden(page: Page): Promise<void> {
  const found = await page.evaluate(() => {
    const hidden = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]/;
    const texts = [document.title];
    for (const element of document.querySelectorAll("body, body *")) {
      for (const { name, value } of element.attributes) {
        // The name itself is edited in a field.
        if (!(element instanceof HTMLInputElement && name === "value")) texts.push(value);
      }
      for (const node of element.childNodes) {
        if (node instanceof Text) texts.push(node.data);
      }
    }
    return texts.filter((text) => hidden.test(text));
  });
  expect(found).toEqual([]);
}

test("hidden characters of a name are shown everywhere", async ({
  member,
  baseURL,
  username,
  line,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  await visit(member, "Upload");
  const input = member.getByTestId("files");
  const release = line.hold(1);
  await input.setInputFiles([
    // The viewer shows this one's text, which may contain what names may not.
    { name: RAW, mimeType: "text/plain", buffer: Buffer.from("Bring the tripod.") },
    { name: PERSIAN, mimeType: "text/plain", buffer: bytes(101, 1) },
    { name: BLANK, mimeType: "image/png", buffer: png(64, 48, 2) },
  ]);
  await expect(rowsOf(member)).toHaveCount(3);
  await expect(rowsOf(member, SHOWN)).toBeVisible();
  await expectNothingHidden(member);
  release();
  await uploaded(member);
  await expectNothingHidden(member);
  // The names are stored as they were given.
  const { uploads } = (await api.ask("{ uploads { nodes { filename } } }")) as {
    uploads: { nodes: { filename: string }[] };
  };
  expect(uploads.nodes.map(({ filename }) => filename).sort()).toEqual(
    [RAW, PERSIAN, BLANK].sort(),
  );

  await visit(member, "Library");
  // The tray shows the names, too.
  const library = member.locator("#content");
  for (const view of ["Grid", "List"]) {
    await member.getByRole("button", { name: view, exact: true }).click();
    for (const name of [SHOWN, "(blank)", PERSIAN]) {
      await expect(library.getByText(name, { exact: true })).toBeVisible();
      await expect(member.getByLabel(`Select ${name}`)).toBeAttached();
    }
    await expectNothingHidden(member);
  }
  await library.getByRole("button", { name: "(blank)" }).click();
  const details = member.getByRole("complementary", { name: "Details" });
  await expect(details.getByRole("img", { name: "(blank)" })).toBeVisible();
  await expectNothingHidden(member);
  await member.keyboard.press("Escape");
  await library.getByRole("button", { name: SHOWN }).click();
  await expect(details.getByLabel("Name")).toHaveValue(RAW);
  await expect(details.getByText(`Shown as ${SHOWN}`)).toBeVisible();
  await expectNothingHidden(member);
  await details.getByRole("link", { name: "View" }).click();
  await expect(member.getByRole("region", { name: `Text of ${SHOWN}` })).toBeVisible();
  await member.keyboard.press("i");
  const facts = member.getByRole("complementary", { name: "Details" });
  await expect(facts.getByText(SHOWN, { exact: true })).toBeVisible();
  await expectNothingHidden(member);
  await member.keyboard.press("Escape");
  await details.getByRole("button", { name: "Delete" }).click();
  await expect(member.getByText(`${SHOWN} moved to the trash.`)).toBeVisible();
  await expectNothingHidden(member);
  await visit(member, "Trash");
  await expect(member.getByRole("button", { name: `Restore ${SHOWN}` })).toBeVisible();
  await expectNothingHidden(member);
  await member.getByRole("button", { name: `Delete for good: ${SHOWN}` }).click();
  // Its question names the file, and so does the notice that it shows.
  const question = member.getByRole("dialog").getByRole("paragraph").first();
  await expect(question.getByText(SHOWN)).toBeVisible();
  await expectNothingHidden(member);
});

test("errors show hidden characters of names, too", async ({ member, baseURL, username }) => {
  const api = await Api.logIn(baseURL ?? "", username);
  await api.request([{ filename: "film.bin", size: QUOTA_BYTES - 10, tags: ["a\u202eb"] }]);
  await visit(member, "Upload");
  const input = member.getByTestId("files");
  await input.setInputFiles([{ name: RAW, mimeType: "text/plain", buffer: bytes(100, 1) }]);
  await expect(rowsOf(member, SHOWN)).toContainText("Not enough storage");
  await expectNothingHidden(member);
  await visit(member, "Library");
  await member.getByRole("button", { name: "Details of film.bin" }).click();
  const details = member.getByRole("complementary", { name: "Details" });
  await details
    .getByTestId("resume-file")
    .setInputFiles([{ name: RAW, mimeType: "text/plain", buffer: bytes(100, 1) }]);
  await expect(details.getByRole("alert")).toContainText(`${SHOWN} is 100 bytes`);
  await expectNothingHidden(member);
});
