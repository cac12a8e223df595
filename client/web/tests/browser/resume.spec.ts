import { pickKept } from "./support/drops.ts";
import { bytes } from "./support/files.ts";
import {
  arrived,
  choose,
  chooseWith,
  expect,
  logIn,
  partsOf,
  rowsOf,
  summaryOf,
  test,
  uploaded,
  URL_TTL_SECONDS,
  visit,
} from "./support/test.ts";

const PART_BYTES = 16 * 1024 * 1024;
const PARTS = [1, 2, 3, 4];
const SIZE = PARTS.length * PART_BYTES;

test("a reload does not resend finished parts", async ({ member, files, line }) => {
  const release = line.hold(3);
  const path = await files.write("film.bin", bytes(SIZE, 2));
  await choose(member, [path]);
  await arrived(line, [1, 2]);
  await member.reload();
  release();
  await expect(summaryOf(member)).toContainText("1 file needs attention");
  await summaryOf(member).click();
  const again = rowsOf(member, "film.bin").getByRole("button", { name: "Choose again" });
  await chooseWith(again, await files.write("wrong.bin", "wrong"));
  await expect(member.getByText("Choose the original file.")).toBeVisible();
  await chooseWith(again, path);
  await uploaded(member);
  expect(partsOf(line)).toEqual(PARTS);
  // No byte of the parts that had already arrived was sent again.
  const early = line.sent.filter(({ part }) => part <= 2);
  expect(early.map((sent) => sent.bytes)).toEqual([PART_BYTES, PART_BYTES]);
  await visit(member, "Library");
  await expect(member.getByRole("heading", { name: "Library 1 file" })).toBeVisible();
  await expect(member.locator(".badge", { hasText: "Incomplete" })).toHaveCount(0);
});

test("a reload resumes by itself a file that the browser may read again", async ({
  member,
  line,
}) => {
  const release = line.hold(3);
  await pickKept(member, "film.bin", SIZE);
  await arrived(line, [1, 2]);
  await member.reload();
  release();
  await uploaded(member);
  expect(partsOf(line)).toEqual(PARTS);
});

test("another tab shows an upload, and resumes it when its tab is closed", async ({
  member,
  context,
  line,
}) => {
  const release = line.hold(3);
  const second = await context.newPage();
  await second.goto("/library");
  await pickKept(second, "film.bin", SIZE);
  await arrived(line, [1, 2]);
  await member.reload();
  await expect(summaryOf(member)).toContainText("1 file in another tab");
  await expect(member.locator(".card", { hasText: "film.bin" })).toContainText(
    /Uploading \d+% in another tab/,
  );
  await second.close();
  release();
  await uploaded(member);
  expect([...new Set(partsOf(line))]).toEqual(PARTS);
});

test("another device resumes an upload", async ({ member, files, line, newDevice, username }) => {
  const release = line.hold(3);
  const path = await files.write("film.bin", bytes(SIZE, 3));
  await choose(member, [path]);
  await arrived(line, [1, 2]);
  await member.close();
  release();

  const other = await newDevice();
  await logIn(other, username);
  await other.getByRole("button", { name: "Details of film.bin" }).click();
  const details = other.getByRole("complementary");
  await details.getByTestId("resume-file").setInputFiles(await files.write("wrong.bin", "wrong"));
  await expect(details.getByRole("alert")).toContainText("Choose the original file");
  await details.getByTestId("resume-file").setInputFiles(path);
  await expect(details.getByText("Stored", { exact: true }).first()).toBeVisible({
    timeout: 120_000,
  });
  expect(partsOf(line)).toEqual(PARTS);
});

test("an upload waits while the browser is offline", async ({ member, files, line, context }) => {
  const release = line.hold(3);
  await choose(member, [await files.write("film.bin", bytes(SIZE, 4))]);
  await arrived(line, [1, 2]);
  await context.setOffline(true);
  await expect(summaryOf(member)).toContainText("You are offline");
  await expect(summaryOf(member)).toContainText("1 file waiting");
  release();
  await context.setOffline(false);
  await uploaded(member);
  expect(partsOf(line)).toEqual(PARTS);
});

test("an upload continues when the service is back", async ({ member, files, line }) => {
  const release = line.hold(3);
  await choose(member, [await files.write("film.bin", bytes(SIZE, 5))]);
  await arrived(line, [1, 2]);
  line.serviceDown = true;
  release();
  // Parts that are already signed arrive, but the service can't be reached to complete the upload.
  await expect.poll(() => partsOf(line).length).toBeGreaterThan(2);
  line.serviceDown = false;
  await uploaded(member);
  expect(partsOf(line)).toEqual(PARTS);
});

for (const how of ["SIGTERM", "SIGKILL"] as const) {
  test(`an upload continues after the whole stack is stopped by ${how} and restarted`, async ({
    member,
    files,
    line,
    stack,
  }) => {
    const release = line.hold(3);
    await choose(member, [await files.write("film.bin", bytes(SIZE, 6))]);
    await arrived(line, [1, 2]);
    await stack.down(how);
    release();
    await expect(summaryOf(member)).toContainText("Waiting for connection");
    await expect(summaryOf(member)).toContainText("1 file waiting");
    await stack.up();
    await uploaded(member);
    expect(partsOf(line)).toEqual(PARTS);
    await visit(member, "Library");
    await expect(member.getByRole("heading", { name: "Library 1 file" })).toBeVisible();
  });
}

test("an expired URL is signed again", async ({ member, files, line }) => {
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
