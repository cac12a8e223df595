import { bytes } from "./support/files.ts";
import {
  arrived,
  choose,
  expect,
  expectSentOnce,
  logIn,
  test,
  uploaded,
  URL_TTL_SECONDS,
  visit,
} from "./support/test.ts";

/** Six parts of 16 MiB. */
const SIZE = 6 * 16 * 1024 * 1024;
const SLOW = 12_000_000;

test("a reload in the middle sends no finished part again", async ({ member, files, line }) => {
  line.bytesPerSecond = SLOW;
  await choose(member, [await files.write("film.bin", bytes(SIZE, 2))]);
  const finished = await arrived(line, 2);
  await member.reload();
  await uploaded(member);
  expectSentOnce(line, finished);
  await visit(member, "Library");
  await expect(member.getByRole("heading", { name: "Library 1 file" })).toBeVisible();
  await expect(member.getByText("Not complete")).toHaveCount(0);
});

test("another device goes on with what the first has begun", async ({
  member,
  files,
  line,
  newDevice,
  username,
}) => {
  line.bytesPerSecond = SLOW;
  const path = await files.write("film.bin", bytes(SIZE, 3));
  await choose(member, [path]);
  const finished = await arrived(line, 2);
  await member.close();
  line.bytesPerSecond = Infinity;

  const other = await newDevice();
  await logIn(other, username);
  await other.getByRole("button", { name: "Details of film.bin" }).click();
  const details = other.getByRole("dialog");
  await details.getByTestId("resume-file").setInputFiles(await files.write("wrong.bin", "wrong"));
  await expect(details.getByRole("alert")).toContainText("Choose the same file");
  await details.getByTestId("resume-file").setInputFiles(path);
  await expect(details.getByText("Stored", { exact: true }).first()).toBeVisible({
    timeout: 120_000,
  });
  expectSentOnce(line, finished);
});

test("an upload waits while the browser is offline", async ({ member, files, line, context }) => {
  line.bytesPerSecond = SLOW;
  await choose(member, [await files.write("film.bin", bytes(SIZE, 4))]);
  const finished = await arrived(line, 1);
  await context.setOffline(true);
  await expect(member.getByText("1 file waiting for the connection")).toBeVisible();
  await context.setOffline(false);
  await uploaded(member);
  expectSentOnce(line, finished);
});

test("an upload goes on when the service is back", async ({ member, files, line }) => {
  line.bytesPerSecond = SLOW;
  await choose(member, [await files.write("film.bin", bytes(SIZE, 5))]);
  const finished = await arrived(line, 1);
  line.serviceGone = true;
  line.bytesPerSecond = Infinity;
  // All parts arrive, and nobody is there to be told so.
  await arrived(line, 6);
  line.serviceGone = false;
  await uploaded(member);
  expectSentOnce(line, finished);
});

test("a URL that has expired is signed anew", async ({ member, files, line }) => {
  let held = false;
  line.beforePut = async () => {
    if (held) return;
    held = true;
    await new Promise((resolve) => setTimeout(resolve, (URL_TTL_SECONDS + 1) * 1000));
  };
  await choose(member, [await files.write("late.txt", "Better late than never.")]);
  await uploaded(member);
  expect(line.sent.map(({ status }) => status)).toEqual([403, 200]);
});
