import { Api } from "./support/api.ts";
import { png } from "./support/files.ts";
import { gate } from "./support/gate.ts";
import { check } from "./support/pages.ts";
import { expect, test, visit } from "./support/test.ts";
import { anUpload } from "../uploads.ts";

test("delete and restore by keyboard, as a screen reader tells it", async ({
  member,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  for (const name of ["one.txt", "two.txt"]) await api.store(name, "text/plain", "Hello");
  await member.reload();
  await member.getByRole("button", { name: "Details of one.txt" }).press("Enter");
  const details = member.getByRole("complementary", { name: "Details" });
  await details.getByRole("button", { name: "Delete" }).press("Enter");
  // No question: the notice offers to undo it.
  const notices = member.getByRole("log", { name: "Notices" });
  await expect(notices).toMatchAriaSnapshot(`
    - log "Notices":
      - paragraph: one.txt moved to the trash.
      - button "Undo"
      - button "Dismiss"
  `);
  await expect(member.getByRole("heading", { name: "Library 1 file" })).toBeVisible();
  // The focus moves on to the file that took its place.
  await expect(member.getByRole("button", { name: "Details of two.txt" })).toBeFocused();

  await member.keyboard.press("Control+z");
  await expect(notices).toMatchAriaSnapshot(`
    - log "Notices":
      - paragraph: one.txt restored.
      - button "Dismiss"
  `);
  await expect(member.getByRole("button", { name: /^Details of/ })).toHaveCount(2);
  await member.getByLabel("Select one.txt").press("Space");
  await member.getByRole("toolbar").getByRole("button", { name: "Delete" }).press("Enter");
  const undo = notices.getByRole("button", { name: "Undo" });
  await undo.focus();
  await undo.press("Escape");
  await expect(undo).toHaveCount(0);

  const main = member.locator("#content");
  await member.getByRole("link", { name: "Trash", exact: true }).press("Enter");
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - heading "Trash 1 file" [level=1]
      - button "Empty trash"
      - paragraph: Files in the trash count against your storage, and are deleted for good after 30 days.
      - list:
        - listitem:
          - checkbox "Select one.txt"
          - strong: one.txt
          - paragraph:
            - text: 5 bytes · deleted
            - time: just now
            - text: · will be deleted for good in 30 days
          - button "Restore one.txt"
          - 'button "Delete for good: one.txt"'
  `);
  await member.getByRole("button", { name: "Restore one.txt" }).press("Enter");
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - heading "Trash 0 files" [level=1]
      - paragraph: /Files in the trash/
      - heading "The trash is empty" [level=2]
      - paragraph
  `);
  await expect(main).toBeFocused();
  await member.getByRole("link", { name: "Library" }).first().press("Enter");
  await expect(member.getByRole("button", { name: "Details of one.txt" })).toBeVisible();
});

test("files are deleted for good, one, several or all", async ({
  member,
  baseURL,
  username,
  line,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const ids: string[] = [];
  for (const [index, name] of ["a.png", "b.txt", "c.txt", "d.txt", "e.txt"].entries()) {
    const image = index === 0;
    ids.push(
      await api.store(name, image ? "image/png" : "text/plain", image ? png(64, 48, 2) : name),
    );
  }
  await api.ask("mutation ($ids: [ID!]!) { trashUploads(ids: $ids) { __typename } }", { ids });
  await visit(member, "Trash");
  await expect(member.getByRole("heading", { name: "Trash 5 files" })).toBeVisible();
  await check(member, "trash");
  await member.getByRole("button", { name: "Delete for good: e.txt" }).click();
  const dialog = member.getByRole("dialog");
  await expect(dialog).toContainText("e.txt (5 bytes) will be deleted, and links to it");
  await check(member, "trash-delete");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(member.getByText("e.txt deleted for good.")).toBeVisible();
  // The row's neighbour has the focus.
  await expect(member.getByLabel("Select d.txt")).toBeFocused();

  await member.getByLabel("Select d.txt").check();
  await member.getByLabel("Select c.txt").check();
  await check(member, "trash-selection");
  const bar = member.getByRole("toolbar", { name: "Selected files" });
  await expect(bar).toContainText("2 files selected, 10 bytes");
  line.serviceDown = true;
  await bar.getByRole("button", { name: "Restore" }).click();
  await expect(member.getByText("2 of 2 files couldn’t be restored.")).toBeVisible();
  line.serviceDown = false;
  await expect(member.getByRole("heading", { name: "Trash 4 files" })).toBeVisible();
  await member.getByLabel("Select d.txt").check();
  await member.getByLabel("Select c.txt").check();
  await bar.getByRole("button", { name: "Delete for good" }).click();
  await expect(dialog).toContainText("2 files (10 bytes) will be deleted");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(member.getByText("2 files deleted for good.")).toBeVisible();

  // All pages: the page shows two files, and is told that more follow.
  await member.getByRole("button", { name: "Empty trash" }).click();
  await expect(member.getByRole("dialog", { name: "Empty the trash?" })).toContainText("2 files (");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(member.getByText("The trash is empty")).toBeVisible();
  await check(member, "trash-empty");
  await expect(member.getByRole("meter")).toHaveText("0 bytes of 1 GB used");
});

test("the trash has pages, and is emptied in batches", async ({ member, line }) => {
  // The service is not asked for hundreds of files: the test is about the requests of the page.
  let files = Array.from({ length: 250 }, (_, index) => upload(index));
  const { opened: released, open: release } = gate();
  await member.route("**/graphql", async (route) => {
    const { operationName, query, variables } = route.request().postDataJSON() as {
      operationName?: string;
      query: string;
      variables: { after?: string; ids?: string[] };
    };
    const name = operationName ?? /\b(?:query|mutation) (\w+)/.exec(query)?.[1] ?? "";
    if (name === "DeleteUploads") {
      line.operations.push(`${name} ${variables.ids?.length}`);
      if (files.length < 250) await released;
      files = files.filter(({ id }) => variables.ids?.includes(id) !== true);
      const results = variables.ids?.map((id) => ({ __typename: "UploadDeleted", id }));
      await route.fulfill({ json: { data: { deleteUploads: results } } });
    } else if (name === "TrashQuery" || name === "AllTrashed") {
      line.operations.push(name);
      const start = Number(variables.after ?? 0);
      const nodes = files.slice(start, start + 100);
      const end = start + nodes.length;
      await route.fulfill({ json: { data: { uploads: page(nodes, end, files.length) } } });
    } else await route.fallback();
  });
  await visit(member, "Trash");
  const rows = member.getByRole("listitem");
  await expect(member.getByRole("heading", { name: "Trash 250 files" })).toBeVisible();
  await expect(rows).toHaveCount(100);
  await member.getByRole("button", { name: "Show more" }).click();
  await expect(rows).toHaveCount(200);
  await member.getByLabel("Select file 1.txt", { exact: true }).check();
  await member.getByRole("button", { name: "Select all 250" }).click();
  await expect(member.getByRole("toolbar")).toContainText("250 files selected, 250 bytes");
  await member.getByRole("button", { name: "Clear selection" }).click();

  line.operations.length = 0;
  await member.getByRole("button", { name: "Empty trash" }).click();
  const dialog = member.getByRole("dialog", { name: "Empty the trash?" });
  await expect(dialog).toContainText("250 files (250 bytes)");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(dialog.getByRole("status")).toHaveText("100 of 250 files deleted");
  release();
  await expect(member.getByText("250 files deleted for good.")).toBeVisible();
  const operations = line.operations.filter((name) => /^(Delete|AllTrashed|TrashQuery)/.test(name));
  expect(operations.slice(0, 6)).toEqual([
    ...["AllTrashed", "AllTrashed", "AllTrashed"],
    ...["DeleteUploads 100", "DeleteUploads 100", "DeleteUploads 50"],
  ]);
  await expect(member.getByText("The trash is empty")).toBeVisible();
});

test("of a mixed selection, stored files are trashed and others deleted", async ({
  member,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const kept = await api.store("kept.txt", "text/plain", "Hello");
  await api.request([{ filename: "never sent.txt" }]);
  await member.reload();
  await member.getByLabel("Select kept.txt").check({ force: true });
  await member.getByLabel("Select never sent.txt").check({ force: true });
  await member.getByRole("toolbar").getByRole("button", { name: "Delete" }).click();
  const dialog = member.getByRole("dialog", { name: "Delete 2 files?" });
  await expect(dialog).toContainText(
    "1 stored file will be moved to the trash. 1 other file is not stored, and will be deleted",
  );
  await dialog.getByRole("button", { name: "Delete 2 files" }).click();
  await expect(
    member.getByText("kept.txt moved to the trash, 1 other file deleted for good."),
  ).toBeVisible();
  await member.getByRole("button", { name: "Undo" }).click();
  await expect(member.getByRole("heading", { name: "Library 1 file" })).toBeVisible();
  await expect(member.getByText("kept.txt restored.")).toBeVisible();

  // The address of a file leads to it in the trash, too.
  await api.ask("mutation ($ids: [ID!]!) { trashUploads(ids: $ids) { __typename } }", {
    ids: [kept],
  });
  await member.goto(`/library?open=${kept}`);
  const details = member.getByRole("complementary", { name: "Details" });
  await expect(details.getByRole("button", { name: "Delete for good" })).toBeVisible();
  await expect(member.getByText("No files yet")).toBeAttached();
  await details.getByRole("button", { name: "Restore" }).click();
  await expect(member.getByRole("button", { name: "Details of kept.txt" })).toBeVisible();
});

function upload(index: number) {
  return anUpload(String(999_000 - index), {
    filename: `file ${index + 1}.txt`,
    trashedAt: "2026-01-02T00:00:00.000Z",
  });
}

function page(nodes: readonly ReturnType<typeof upload>[], end: number, totalCount: number) {
  return {
    __typename: "UploadConnection",
    totalCount,
    nodes,
    edges: nodes.map((node) => ({ __typename: "UploadEdge", cursor: node.id, node })),
    pageInfo: {
      __typename: "PageInfo",
      endCursor: String(end),
      hasNextPage: end < totalCount,
    },
  };
}

test("a file that is stored while its deletion is asked about goes to the trash", async ({
  member,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const store = await api.begin("late.txt", "text/plain", "Hello");
  await member.reload();
  await member.getByRole("button", { name: "Details of late.txt" }).press("Delete");
  const question = member.getByRole("dialog", { name: "Delete this file?" });
  await expect(question).toContainText("late.txt is not stored");
  await store(); // As another device would.
  const card = member.locator(".card", { hasText: "late.txt" });
  await expect(card).not.toContainText("Incomplete");
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(member.getByText("late.txt moved to the trash.")).toBeVisible();
  await expect(card).toHaveCount(0);
});

test("what is selected while a deletion is asked about stays", async ({
  member,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  await api.request(["a.txt", "b.txt", "c.txt"].map((filename) => ({ filename })));
  await member.reload();
  const { opened: finding, open: find } = gate();
  await member.route("**/graphql", async (route) => {
    const { operationName } = route.request().postDataJSON() as { operationName?: string };
    if (operationName === "MatchingUploads") await finding;
    await route.fallback();
  });
  await member.getByLabel("Select a.txt").check({ force: true });
  const bar = member.getByRole("toolbar", { name: "Selected files" });
  await bar.getByRole("button", { name: /^Select all 3/ }).click();
  await bar.getByRole("button", { name: "Delete" }).click();
  const question = member.getByRole("dialog", { name: "Delete this file?" });
  await expect(question).toContainText("a.txt is not stored");
  find();
  await expect(member.getByText("3 files selected")).toBeVisible();
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(member.getByText("a.txt deleted for good.")).toBeVisible();
  await expect(bar).toContainText("2 files selected");
  await expect(member.locator(".card")).toHaveCount(2);
});
