import { rm } from "node:fs/promises";
import { Api } from "./support/api.ts";
import { chooseWith, choose, expect, rowsOf, test, uploaded } from "./support/test.ts";

test("an empty file is stored", async ({ member, files, baseURL, username }) => {
  await choose(member, [await files.write("empty.txt", "")]);
  await uploaded(member);
  await expect(rowsOf(member, "empty.txt")).toContainText("Stored · 0 bytes");
  const api = await Api.logIn(baseURL ?? "", username);
  expect(await api.ask("{ uploads { nodes { filename size status } } }")).toEqual({
    uploads: { nodes: [{ filename: "empty.txt", size: 0, status: "STORED" }] },
  });
});

for (const [how, change] of [
  ["changes", (files, name) => files.write(name, "Another text.")],
  ["vanishes", (_files, _name, path) => rm(path)],
] satisfies [string, (files: Writer, name: string, path: string) => Promise<unknown>][]) {
  test(`a file that ${how} before it is sent must be chosen again`, async ({
    member,
    files,
    line,
    baseURL,
    username,
  }) => {
    const path = await files.write("notes.txt", "The first text.");
    line.serviceDown = true;
    await choose(member, [path]);
    const row = rowsOf(member, "notes.txt");
    await expect(row).toContainText("notes.txt");
    await change(files, "notes.txt", path);
    line.serviceDown = false;
    await expect(row).toContainText("it was changed, moved or deleted. Choose it again.");
    await files.write("notes.txt", "The last text.");
    await chooseWith(row.getByRole("button", { name: "Choose again" }), path);
    await uploaded(member);
    const api = await Api.logIn(baseURL ?? "", username);
    const { uploads } = (await api.ask(
      "{ uploads(filter: { status: STORED }) { nodes { filename download { url } } } }",
    )) as { uploads: { nodes: { filename: string; download: { url: string } }[] } };
    expect(uploads.nodes.map(({ filename }) => filename)).toEqual(["notes.txt"]);
    const stored = await fetch(uploads.nodes[0]?.download.url ?? "");
    expect(await stored.text()).toBe("The last text.");
  });
}

interface Writer {
  write(name: string, data: string): Promise<string>;
}
