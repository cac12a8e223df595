import type { Page } from "@playwright/test";
import { Api } from "./support/api.ts";
import { addMany } from "./support/drops.ts";
import { expect, summaryOf, test, uploaded, visit } from "./support/test.ts";

/** More than the queue has in the works at a time. */
const FILES = 600;

interface Watched {
  maxRows: number;
  updates: number;
  startedAt: number;
}

/** Count the rows of the page and the changes of the tray, from now on. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const watched = { maxRows: 0, updates: 0, startedAt: performance.now() };
    Object.assign(window, { watched });
    new MutationObserver((changes) => {
      const tray = document.querySelector(".tray");
      if (tray === null || !changes.some(({ target }) => tray.contains(target))) return;
      watched.updates += 1;
      watched.maxRows = Math.max(watched.maxRows, tray.querySelectorAll(".tray-row").length);
    }).observe(document.body, {
      ...{ subtree: true, childList: true, characterData: true, attributes: true },
    });
  });
}

function read(page: Page): Promise<Watched & { seconds: number }> {
  return page.evaluate(() => {
    const { watched } = window as unknown as { watched: Watched };
    return { ...watched, seconds: (performance.now() - watched.startedAt) / 1000 };
  });
}

test("hundreds of files are uploaded, and other pages work meanwhile", async ({
  member,
  line,
  baseURL,
  username,
}) => {
  await visit(member, "Upload");
  await watch(member);
  await addMany(member, FILES);
  await expect(summaryOf(member)).toContainText("Uploading 600 files");
  await visit(member, "API keys");
  await expect(member.getByText("No API keys yet")).toBeVisible();
  await visit(member, "Library");
  await expect(member.getByRole("heading", { name: /Library [\d,]+ files/ })).toBeVisible();
  await expect(summaryOf(member)).toContainText(/Uploading [\d,]+ files/);
  await uploaded(member);

  const { maxRows, updates, seconds } = await read(member);
  expect(maxRows).toBeGreaterThan(3);
  expect(maxRows).toBeLessThanOrEqual(40);
  // Ten updates per second, and those of the user's own actions.
  expect(updates).toBeLessThanOrEqual(12 * seconds + 20);
  expect(await member.locator("*").count()).toBeLessThan(3000);

  const count = (name: string) => line.operations.filter((each) => each === name).length;
  expect(line.sent).toHaveLength(FILES);
  expect(count("RequestUploads")).toBeLessThanOrEqual(FILES / 30);
  expect(count("CompleteUploads")).toBeLessThanOrEqual(FILES / 5);
  // The library is fetched every few seconds, however many files there are.
  expect(count("UploadsQuery")).toBeLessThanOrEqual(5 + seconds / 5);
  expect(count("UsageMeter")).toBeLessThanOrEqual(5 + seconds / 5);

  await expect(member.getByRole("heading", { name: "Library 600 files" })).toBeVisible();
  const api = await Api.logIn(baseURL ?? "", username);
  expect(await api.ask("{ uploads(filter: { status: STORED }) { totalCount } }")).toEqual({
    uploads: { totalCount: FILES },
  });
});
