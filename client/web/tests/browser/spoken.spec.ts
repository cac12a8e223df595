import { Api } from "./support/api.ts";
import { png } from "./support/files.ts";
import { expect, test, trayOf, uploaded, visit } from "./support/test.ts";

// viewer.spec.ts and trash.spec.ts hold what screen readers get when files are viewed, shared,
// deleted and restored.

test("files are uploaded and found with a screen reader", async ({ member, baseURL, username }) => {
  const api = await Api.logIn(baseURL ?? "", username);
  await api.store("Coast.png", "image/png", png(480, 360, 1));
  await visit(member, "Upload");
  const page = member.getByRole("main");
  await expect(page).toMatchAriaSnapshot(`
    - main:
      - heading "Upload" [level=1]
      - combobox "Tags for the files you add next (optional)"
      - heading "Drop files and folders here" [level=2]
      - paragraph: /or on any other page, up to .+ each/
      - button "Choose files"
      - button "Choose folder"
      - paragraph: /Uploads continue while you visit other pages/
  `);
  await member
    .getByTestId("files")
    .setInputFiles({ name: "Notes.txt", mimeType: "text/plain", buffer: Buffer.from("Hello") });
  await uploaded(member);
  await expect(trayOf(member)).toMatchAriaSnapshot(`
    - region "Uploads":
      - button "1 file uploaded 5 bytes" [expanded]
      - button "Close uploads"
      - region "Files":
        - list:
          - listitem:
            - paragraph: Notes.txt
            - paragraph: Stored · 5 bytes
            - 'button "Remove from list: Notes.txt"'
  `);

  await visit(member, "Library");
  await expect(page).toMatchAriaSnapshot(`
    - main:
      - heading "Library 2 files" [level=1]
      - search:
        - searchbox "Search by name"
        - button "Type"
        - button "Date"
        - button "Tags"
        - button "Status"
        - button "Sort Newest first"
      - grid "Files":
        - row /Details of Notes.txt/:
          - gridcell:
            - button "Details of Notes.txt"
            - checkbox "Select Notes.txt"
        - row /Details of Coast.png/
  `);
  await page.getByRole("button", { name: "Type" }).press("Enter");
  await expect(page.getByRole("search")).toMatchAriaSnapshot(`
    - search:
      - button "Type" [expanded]
      - group "Type":
        - radio "All types" [checked]
        - radio "Images"
  `);
  await page.getByRole("radio", { name: "Images" }).press("Space");
  await member.keyboard.press("Escape");
  await page.getByLabel("Search by name").fill("oa");
  await expect(page).toMatchAriaSnapshot(`
    - main:
      - heading "Library 1 file" [level=1]
      - search:
        - searchbox "Search by name": oa
        - group "Filters in use":
          - 'button "Remove filter: Images"': Images
          - button "Clear filters"
      - grid "Files":
        - row /Details of Coast.png/
  `);
  // The number of files is announced.
  await expect(page.locator("[aria-live=polite]")).toHaveText("1 file");
});
