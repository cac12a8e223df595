import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { Api } from "./support/api.ts";
import { bytes, sha256, type Files } from "./support/files.ts";
import { gate } from "./support/gate.ts";
import { check } from "./support/pages.ts";
import { expect, test, visit } from "./support/test.ts";

const UNZIP = `
import hashlib, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    print(json.dumps({i.filename: hashlib.sha256(z.read(i)).hexdigest() for i in z.infolist()}))
`;

/** Return the SHA-256 of each file in a ZIP, as Python's zipfile reads it. */
async function unzip(path: string): Promise<Record<string, string>> {
  const { stdout } = await promisify(execFile)("python3", ["-c", UNZIP, path]);
  return JSON.parse(stdout) as Record<string, string>;
}

async function downloadAll(page: Page): Promise<void> {
  const bar = page.getByRole("toolbar", { name: "Selected files" });
  await bar.getByRole("button", { name: "Download" }).click();
}

async function store(api: Api): Promise<Record<string, string>> {
  const expected: Record<string, string> = {};
  const stored = [
    ["../trip/one.bin", "trip/one.bin"],
    ["trip/ONE.bin", "trip/ONE (2).bin"],
    ["two.bin", "two.bin"],
    ["رحلة.txt", "رحلة.txt"],
    ["empty.txt", "empty.txt"],
  ] as const;
  for (const [index, [filename, path]] of stored.entries()) {
    const data = bytes(filename === "empty.txt" ? 0 : 300_000 + index, index);
    await api.store(filename, "application/octet-stream", data);
    expected[path] = sha256(data);
  }
  return expected;
}

async function selectAll(page: Page): Promise<void> {
  await page.goto("/library?sort=oldest");
  await page.getByLabel("Select two.bin").check({ force: true });
  await page.getByRole("button", { name: /^Select all \d/ }).click();
  await expect(page.getByText(/^\d+ files selected/)).toBeVisible();
}

test("several files are downloaded as one ZIP", async ({
  member,
  baseURL,
  username,
  line,
  files,
}) => {
  await member.addInitScript(() => Reflect.deleteProperty(window, "showSaveFilePicker"));
  const api = await Api.logIn(baseURL ?? "", username);
  const expected = await store(api);
  await selectAll(member);
  const saving = member.waitForEvent("download");
  await downloadAll(member);
  await visit(member, "API keys"); // It goes on.
  const saved = await saving;
  expect(saved.suggestedFilename()).toMatch(/^Files \d{4}-\d\d-\d\d\.zip$/);
  const path = await saved.path();
  expect(await unzip(path)).toEqual(expected);
  const zip = member.getByRole("region", { name: "ZIP download" });
  await expect(zip.getByRole("status")).toHaveText("ZIP of 5 files saved");
  expect(line.operations.filter((name) => name === "Links")).toHaveLength(1);
  expect(line.fetched).toHaveLength(5);
  await check(member, "zip-done");
  await zip.getByRole("button", { name: "Dismiss" }).click();
  await expect(zip).toHaveCount(0);

  // Where the browser can write to a file, it does so; one file is missing, another cut short.
  await member.addInitScript(() => {
    Object.defineProperty(window, "showSaveFilePicker", {
      value: async () =>
        (await navigator.storage.getDirectory()).getFileHandle("x.zip", { create: true }),
    });
  });
  await selectAll(member);
  const { uploads } = (await api.ask(FIND)) as { uploads: { nodes: { id: string }[] } };
  await api.ask(DELETE, { id: uploads.nodes[0]?.id });
  line.fetched.length = 0;
  line.cutAfterBytes = 100_000;
  await downloadAll(member);
  await expect(zip.getByRole("status")).toHaveText(
    "ZIP saved, but 1 file is missing or incomplete:",
  );
  await expect(zip.getByRole("listitem")).toHaveText(["two.bin"]);
  await check(member, "zip-failed");
  // One file in two pieces: the rest is fetched from where the connection broke.
  expect(line.fetched).toHaveLength(5);
  expect(line.fetched[1]?.bytes).toBeLessThan(200_001);
  const rest = { ...expected };
  delete rest["two.bin"];
  const listed = "These files are missing or incomplete:\n\ntwo.bin\n";
  rest["Missing files.txt"] = sha256(Buffer.from(listed));
  expect(await unzip(await copied(member, files))).toEqual(rest);
});

test("the download of a ZIP is cancelled", async ({ member, baseURL, username }) => {
  await member.addInitScript(() => Reflect.deleteProperty(window, "showSaveFilePicker"));
  const api = await Api.logIn(baseURL ?? "", username);
  await store(api);
  await selectAll(member);
  const { opened: held, open: release } = gate();
  await member.route(/\/uploads\//, async (route) => {
    await held;
    await route.abort();
  });
  let downloads = 0;
  member.on("download", () => (downloads += 1));
  await downloadAll(member);
  const zip = member.getByRole("region", { name: "ZIP download" });
  await expect(zip).toContainText("0 of 5 files, 0 bytes of 1.2 MB");
  await check(member, "zip-running");
  await zip.getByRole("button", { name: "Cancel the ZIP download" }).click();
  await expect(zip).toHaveCount(0);
  expect(downloads).toBe(0);
  release();
});

/** Copy the ZIP out of the browser's private files. */
async function copied(page: Page, files: Files): Promise<string> {
  const base64 = await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle("x.zip")).getFile();
    let text = "";
    for (const byte of new Uint8Array(await file.arrayBuffer())) text += String.fromCharCode(byte);
    return btoa(text);
  });
  return files.write("x.zip", Buffer.from(base64, "base64"));
}

const DELETE = "mutation ($id: ID!) { deleteUpload(id: $id) { __typename } }";
const FIND = '{ uploads(filter: { search: "two.bin" }) { nodes { id } } }';
