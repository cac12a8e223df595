import { Api } from "./support/api.ts";
import { chooseFolder, dropFiles } from "./support/drops.ts";
import {
  choose,
  expect,
  rowsOf,
  summaryOf,
  test,
  trayOf,
  uploaded,
  visit,
} from "./support/test.ts";

interface Listed {
  uploads: {
    nodes: { filename: string; size: number; status: string; download: { url: string } }[];
  };
}

/** Return the user's stored files by their names. */
async function storedFiles(baseURL: string | undefined, username: string) {
  const api = await Api.logIn(baseURL ?? "", username);
  const query = "{ uploads { nodes { filename size status download { url } } } }";
  const { uploads } = (await api.ask(query)) as unknown as Listed;
  const texts = new Map<string, string>();
  for (const { filename, status, download } of uploads.nodes) {
    expect(status).toBe("STORED");
    texts.set(filename, await (await fetch(download.url)).text());
  }
  return texts;
}

test("files of one name, size and time from two folders are both stored", async ({
  member,
  baseURL,
  username,
}) => {
  await visit(member, "Upload");
  await member.getByTestId("folder").waitFor({ state: "attached" });
  await chooseFolder(member, [
    { name: "one/index.html", type: "text/html", text: "<p>one</p>", lastModified: 1000 },
    { name: "two/index.html", type: "text/html", text: "<p>two</p>", lastModified: 1000 },
  ]);
  await uploaded(member);
  await expect(rowsOf(member, "one/index.html")).toContainText("Stored");
  await expect(rowsOf(member, "two/index.html")).toContainText("Stored");
  expect(await storedFiles(baseURL, username)).toEqual(
    new Map([
      ["two/index.html", "<p>two</p>"],
      ["one/index.html", "<p>one</p>"],
    ]),
  );
});

test("a file that is added again while it is sent is uploaded once", async ({
  member,
  files,
  line,
}) => {
  const release = line.hold(1);
  const path = await files.write("notes.txt", "Hello");
  await choose(member, [path]);
  await expect(rowsOf(member)).toHaveCount(1);
  await choose(member, [path]);
  await expect(trayOf(member)).toContainText("1 file skipped");
  await expect(rowsOf(member)).toHaveCount(1);
  release();
  await uploaded(member);
  await expect(rowsOf(member, "notes.txt")).toContainText("Stored");
  expect(line.sent).toHaveLength(1);
  await visit(member, "Library");
  await expect(member.getByRole("heading", { name: "Library 1 file" })).toBeVisible();
});

test("files that systems add to folders are skipped and counted", async ({
  member,
  baseURL,
  username,
}) => {
  await dropFiles(member, [
    { name: ".DS_Store", text: "x" },
    { name: "Thumbs.db", text: "x" },
    { name: "notes.txt", text: "Hello" },
  ]);
  await expect(summaryOf(member)).toContainText("1 file uploaded");
  await expect(trayOf(member)).toContainText("2 files skipped");
  expect(await storedFiles(baseURL, username)).toEqual(new Map([["notes.txt", "Hello"]]));
});

test("the upload page's tags are given to the files that are added there", async ({
  member,
  baseURL,
  username,
}) => {
  await visit(member, "Upload");
  await member.getByLabel(/^Tags for the files/).fill("trip");
  await member.getByLabel(/^Tags for the files/).press("Enter");
  await dropFiles(member, [{ name: "one.txt", text: "1" }]);
  await uploaded(member);
  await visit(member, "Library");
  await expect(member.getByRole("heading", { name: "Library" })).toBeVisible();
  await dropFiles(member, [{ name: "two.txt", text: "2" }]);
  await expect(summaryOf(member)).toContainText("2 files uploaded");
  const api = await Api.logIn(baseURL ?? "", username);
  expect(await api.ask("{ uploads { nodes { filename tags } } }")).toEqual({
    uploads: {
      nodes: [
        { filename: "two.txt", tags: [] },
        { filename: "one.txt", tags: ["trip"] },
      ],
    },
  });
});
