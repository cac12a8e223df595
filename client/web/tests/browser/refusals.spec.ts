import { truncate } from "node:fs/promises";
import { Api } from "./support/api.ts";
import { bytes } from "./support/files.ts";
import {
  arrived,
  choose,
  expect,
  PASSWORD,
  QUOTA_BYTES,
  rowsOf,
  summaryOf,
  test,
  trayOf,
  uploaded,
  visit,
} from "./support/test.ts";

const PART_BYTES = 16 * 1024 * 1024;

test("a file of an unsupported type is rejected when it is chosen", async ({
  member,
  files,
  line,
}) => {
  await choose(member, [await files.write("program.exe", "MZ")]);
  await expect(rowsOf(member, "program.exe")).toContainText(
    "This type of file isn’t accepted. Accepted: images, videos, audio, text, PDF, ZIP",
  );
  await expect(summaryOf(member)).toContainText("1 file needs attention");
  expect(line.operations).not.toContain("RequestUploads");
  await rowsOf(member, "program.exe").getByRole("button", { name: "Remove from list" }).click();
  await expect(trayOf(member)).toHaveCount(0);
});

test("a file that exceeds the service's limit is rejected when it is chosen", async ({
  member,
  files,
  line,
}) => {
  line.rewrite = (operation, body) =>
    operation === "UseLimits"
      ? body.replace(/"maxUploadBytes":\d+/, '"maxUploadBytes":1000000')
      : body;
  await member.goto("/upload");
  await expect(member.getByText("up to 1 MB each")).toBeVisible();
  await choose(member, [await files.write("film.bin", bytes(2_340_000, 1))]);
  await expect(rowsOf(member, "film.bin")).toContainText(
    "This file is too large: 2.3 MB. The limit is 1 MB.",
  );
  expect(line.operations).not.toContain("RequestUploads");
});

test("a file that exceeds the quota is rejected before any of it is sent", async ({
  member,
  files,
  line,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const [reserved] = await api.request([{ filename: "reserved.txt", size: 700_000_000 }]);
  const path = await files.write("huge.bin", "");
  await truncate(path, QUOTA_BYTES - 600_000_000);
  await choose(member, [path, await files.write("small.txt", "There is room for me.")]);
  const huge = rowsOf(member, "huge.bin");
  await expect(huge).toContainText(
    /Not enough storage: 300 MB left\. Delete some files and empty the trash, then try again\./,
  );
  await expect(rowsOf(member, "small.txt")).toContainText("Stored");
  expect(line.sent).toHaveLength(1);
  // The way out: there is room again, and the user tries again.
  await api.ask(`mutation { cancelUpload(id: "${reserved ?? ""}") { __typename } }`);
  line.hold(1);
  await huge.getByRole("button", { name: "Retry" }).click();
  // Buffers take some bytes, although none of them arrives.
  await expect(huge).toContainText(/^huge\.bin\d+% · .+ of 400 MB/);
  await huge.getByRole("button", { name: "Cancel" }).click();

  await visit(member, "Library");
  await expect(member.getByRole("heading", { name: "Library 1 file" })).toBeVisible();
});

test("files that S3 rejected can be retried", async ({ member, files, line }) => {
  line.refusal = { status: 400, code: "InvalidRequest" };
  await choose(member, [
    await files.write(`${"a long name ".repeat(16)}.txt`, "Hello"),
    await files.write("film.bin", bytes(20_000_000, 8)),
  ]);
  await expect(summaryOf(member)).toContainText("2 files need attention");
  await expect(rowsOf(member, "film.bin")).toContainText("Storage rejected the file");
  line.refusal = undefined;
  await trayOf(member).getByRole("button", { name: "Retry all" }).click();
  await uploaded(member);
  await visit(member, "Library");
  await expect(member.getByRole("heading", { name: "Library 2 files" })).toBeVisible();
});

for (const refusal of [
  { status: 403, code: "AccessDenied" },
  { status: 503, code: "SlowDown" },
]) {
  test(`the reason is shown while storage answers ${refusal.status}`, async ({
    member,
    files,
    line,
  }) => {
    line.refusal = refusal;
    await choose(member, [await files.write("notes.txt", "Hello")]);
    const row = rowsOf(member, "notes.txt");
    await expect(row).toContainText(`Storage rejected the file (${refusal.code})`);
    await expect(row.getByRole("button", { name: "Cancel" })).toBeVisible();
    await expect(summaryOf(member)).not.toContainText(/\bleft/);
    line.refusal = undefined;
    // A busy storage is asked again soon, perhaps before the button could be clicked.
    if (refusal.status === 403) await row.getByRole("button", { name: "Retry" }).click();
    await uploaded(member);
    await expect(row).toContainText("Stored");
  });
}

test("a file that storage claims to have, but does not, can be retried", async ({
  member,
  files,
  line,
}) => {
  line.refusal = { status: 412, code: "PreconditionFailed" };
  await choose(member, [await files.write("notes.txt", "Hello")]);
  const row = rowsOf(member, "notes.txt");
  await expect(row).toContainText("Storage keeps losing parts of the file.");
  await expect(summaryOf(member)).toContainText("1 file needs attention");
  line.refusal = undefined;
  await row.getByRole("button", { name: "Retry" }).click();
  await uploaded(member);
});

test("a session that ends while files are sent leads to the sign-in page and back", async ({
  member,
  files,
  line,
  baseURL,
  username,
}) => {
  const release = line.hold(3);
  const path = await files.write("film.bin", bytes(3 * PART_BYTES, 4));
  await choose(member, [path]);
  await arrived(line, [1, 2]);
  const api = await Api.logIn(baseURL ?? "", username);
  await api.ask("mutation { logout(everywhere: true) { sessionsEnded } }");
  release();
  await expect(member.getByText("Your session has ended. Sign in again")).toBeVisible();
  await member.getByLabel("Username").fill(username);
  await member.getByLabel("Password").fill(PASSWORD);
  await member.getByRole("button", { name: "Sign in" }).click();
  await visit(member, "Library");
  await member.getByRole("button", { name: "Details of film.bin" }).click();
  const details = member.getByRole("complementary");
  await details.getByTestId("resume-file").setInputFiles(path);
  await expect(details.getByText("Stored", { exact: true }).first()).toBeVisible();
});
