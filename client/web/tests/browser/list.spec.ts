import type { Locator, Page } from "@playwright/test";
import { Api } from "./support/api.ts";
import { gate } from "./support/gate.ts";
import { SMALL_PHONE } from "./support/pages.ts";
import { expect, test, visit } from "./support/test.ts";

/** The page contains the rows in view and a few more, however many files there are. */
const CARDS_MAX = 80;

async function fill(api: Api, count: number): Promise<void> {
  const files = Array.from({ length: count }, (_, index) => ({
    filename: `scan ${String(index).padStart(3, "0")}.txt`,
    size: index + 1,
  }));
  for (let from = 0; from < count; from += 125) await api.request(files.slice(from, from + 125));
}

function cardOf(page: Page, number: number) {
  return page.getByRole("button", {
    name: `Details of scan ${String(number).padStart(3, "0")}.txt`,
  });
}

/** Return where a card is in the window. */
async function topOf(page: Page, number: number): Promise<number> {
  return Math.round((await cardOf(page, number).boundingBox())?.y ?? Number.NaN);
}

test("hundreds of files: scrolling, coming back, and the keyboard", async ({
  member,
  baseURL,
  username,
  line,
}) => {
  await fill(await Api.logIn(baseURL ?? "", username), 375);
  await member.addInitScript(() => {
    // On a busy machine, timers are late.
    const start = window.setTimeout.bind(window);
    const late = (run: () => void, ms = 0) => start(run, ms === 0 ? 100 : ms);
    Object.assign(window, { setTimeout: late });
  });
  line.operations.length = 0;
  await member.reload();
  const grid = member.getByRole("grid", { name: "Files" });
  await expect(grid).toHaveAttribute("aria-rowcount", "375");
  const cards = member.locator(".card");
  const most = () => cards.count().then((count) => expect(count).toBeLessThanOrEqual(CARDS_MAX));
  const heights = await cards.evaluateAll((all) => all.map((card) => card.clientHeight));
  expect(new Set(heights).size).toBe(1);

  // Names keep their ending.
  const endings = await cards
    .locator(".middle-name > :last-child")
    .evaluateAll((all) => all.map((end) => end.scrollWidth - end.clientWidth));
  expect(Math.max(...endings)).toBeLessThanOrEqual(1);

  // Scrolling goes to the last file and never sticks.
  await expect(async () => {
    await member.mouse.wheel(0, 4000);
    await most();
    await expect(cardOf(member, 0)).toBeInViewport({ timeout: 100 });
  }).toPass({ timeout: 60_000 });
  await expect(member.locator('[role="row"]', { has: cardOf(member, 0) })).toHaveAttribute(
    "aria-rowindex",
    "375",
  );
  await expect(member.getByRole("button", { name: "Show more" })).toHaveCount(0);
  // Each of the four pages was requested once.
  expect(line.operations.filter((name) => name === "UploadsQuery")).toHaveLength(4);

  // Back returns to the same place, and so does a reload.
  await member.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
  await expect(cardOf(member, 0)).toHaveCount(0);
  await member.waitForTimeout(300);
  const middle = Number(
    /scan (\d+)/.exec(
      (await cards
        .filter({ visible: true })
        .nth(Math.floor((await cards.count()) / 2))
        .getByRole("button")
        .getAttribute("aria-label")) ?? "",
    )?.[1],
  );
  const top = await topOf(member, middle);
  await visit(member, "API keys");
  await expect(member.getByText("No API keys yet")).toBeVisible();
  await member.goBack();
  await expect.poll(() => topOf(member, middle)).toBe(top);
  await member.reload();
  await expect.poll(() => topOf(member, middle)).toBe(top);

  // Details open beside the list, which stays where it is.
  await cardOf(member, middle).click();
  const details = member.getByRole("complementary", { name: "Details" });
  await expect(details.getByLabel("Name", { exact: true })).toHaveValue(/^scan \d+\.txt$/);
  await expect(cardOf(member, middle)).toBeInViewport();
  await expect(cardOf(member, middle)).toBeFocused();
  await member.keyboard.press("ArrowRight");
  await expect(cardOf(member, middle - 1)).toBeFocused();
  await expect(details.getByLabel("Name", { exact: true })).toHaveValue(cardName(middle - 1));
  await member.keyboard.press("Escape");
  await expect(details).toHaveCount(0);
  await expect(cardOf(member, middle - 1)).toBeFocused();

  // The list has one tab stop, and the focus stays on a file that is out of view.
  await expect(grid.locator("button:not([tabindex='-1'])")).toHaveCount(1);
  await member.mouse.wheel(0, -20_000);
  await expect(cardOf(member, 374)).toBeVisible();
  await expect(cardOf(member, middle - 1)).toBeFocused();
  await member.keyboard.press("Home");
  await expect(cardOf(member, 374)).toBeFocused();
  await member.keyboard.press("ArrowDown");
  await member.keyboard.press("ArrowUp");
  await expect(cardOf(member, 374)).toBeFocused();
  await member.keyboard.press("Space");
  await member.keyboard.press("ArrowRight");
  await member.keyboard.press("Shift+Space");
  const bar = member.getByRole("toolbar", { name: "Selected files" });
  await expect(bar).toContainText("2 files selected");
  // The selection outlives the cards.
  await member.keyboard.press("End");
  await expect(cardOf(member, 374)).toHaveCount(0);
  await expect(bar).toContainText("2 files selected");
  await member.keyboard.press("Delete");
  await expect(member.getByRole("dialog", { name: "Delete 2 files?" })).toBeVisible();
  await member.keyboard.press("Escape");
  await member.keyboard.press("Escape");
  await expect(bar).toHaveCount(0);
  await member.keyboard.press("?");
  await expect(member.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await member.keyboard.press("Escape");
  await member.keyboard.press("/");
  await expect(member.getByLabel("Search by name")).toBeFocused();
  await most();
});

function cardName(number: number): string {
  return `scan ${String(number).padStart(3, "0")}.txt`;
}

test("the table sorts by its headers and selects all", async ({ member, baseURL, username }) => {
  await fill(await Api.logIn(baseURL ?? "", username), 120);
  await member.reload();
  await member.getByRole("button", { name: "List", exact: true }).click();
  const rows = member.locator("tbody tr:not(.space)");
  await expect(rows.first()).toContainText("scan 119.txt");
  expect(await rows.count()).toBeLessThanOrEqual(40);
  await expect(member.getByRole("grid")).toHaveAttribute("aria-rowcount", "121");
  const size = member.getByRole("columnheader", { name: "Size" });
  const name = member.getByRole("columnheader", { name: "Name" });
  await expect(size).toHaveAttribute("aria-sort", "none");
  await size.getByRole("button").click();
  await expect(size).toHaveAttribute("aria-sort", "descending");
  await size.getByRole("button").click();
  await expect(rows.first()).toContainText("scan 000.txt");
  await expect(member).toHaveURL(/layout=list&sort=smallest/);
  await name.getByRole("button").click();
  await expect(name).toHaveAttribute("aria-sort", "ascending");
  await expect(size).toHaveAttribute("aria-sort", "none");

  const all = member.getByRole("checkbox", { name: "Select all loaded files" });
  await member.getByRole("checkbox", { name: "Select scan 001.txt" }).check();
  await expect(all).toBeChecked({ indeterminate: true });
  await all.click();
  await expect(all).not.toBeChecked();
  // The view is remembered for the next visit.
  await member.goto("/library");
  await expect(rows.first()).toContainText("scan 119.txt");
});

test("all files that match are selected and tagged, in batches", async ({
  member,
  line,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  await fill(api, 250);
  await api.request([{ filename: "other.bin", tags: ["old"] }]);
  await member.goto("/library?q=scan");
  await member.getByLabel("Select scan 249.txt").check({ force: true });
  const bar = member.getByRole("toolbar", { name: "Selected files" });
  await bar.getByRole("button", { name: "Select all 250 that match" }).click();
  await expect(bar).toContainText("250 files selected, 31 kB");
  expect(line.operations.filter((name) => name === "MatchingUploads")).toHaveLength(3);

  await bar.getByRole("button", { name: "Tags" }).click();
  const dialog = member.getByRole("dialog", { name: "Tags of 250 files" });
  await dialog.getByLabel("Add tags").fill("scanned");
  await dialog.getByLabel("Add tags").press("Enter");
  // One of the three requests fails.
  line.loseResponseOf = "UseUpdateTags";
  await dialog.getByRole("button", { name: "Change tags" }).click();
  await expect(dialog.getByRole("alert")).toContainText(
    "100 files couldn’t be changed; 150 changed.",
  );
  await dialog.getByRole("button", { name: "Try again" }).click();
  // The page may have learned already that some of these are changed.
  await expect(member.getByText(/Tags of \d+ files changed\./)).toBeVisible();
  expect(line.operations.filter((name) => name === "UseUpdateTags")).toHaveLength(4);
  expect(await api.ask('{ uploads(filter: { tags: ["scanned"] }) { totalCount } }')).toEqual({
    uploads: { totalCount: 250 },
  });
  await expect(bar).toContainText("250 files selected");
  // Other filters begin with nothing selected.
  await member.getByLabel("Search by name").fill("other");
  await expect(bar).toHaveCount(0);
});

test("changes made elsewhere appear, with few requests", async ({
  member,
  line,
  baseURL,
  username,
}) => {
  const asked = (name: string) => line.operations.filter((each) => each === name).length;
  const api = await Api.logIn(baseURL ?? "", username);
  // Abandoned uploads, which are not in view.
  await api.request([{ filename: "abandoned.bin", size: 5 }]);
  await fill(api, 60);
  await member.clock.install();
  await member.goto("/library?layout=list");
  await expect(member.getByRole("heading", { name: "Library 61 files" })).toBeVisible();
  // From here on, the page's clock is stopped; requests are answered between its ticks.
  await member.clock.pauseAt(Date.now() + 60_000);
  async function pass(seconds: number) {
    for (let second = 0; second < seconds; second += 1) {
      await member.clock.runFor(1000);
      // This request comes after those that the tick has begun.
      await member.evaluate(() => fetch("/health").then(({ status }) => status));
      await expect.poll(() => line.inFlight, { intervals: [10] }).toBe(0);
      await member.waitForTimeout(20);
    }
  }
  async function shownWithin(seconds: number, place: Locator, text: string) {
    const found = place.filter({ hasText: text });
    for (let second = 0; second < seconds && !(await found.isVisible()); second += 1) await pass(1);
    await expect(place).toContainText(text, { timeout: 1000 });
  }
  // The code that asks is loaded last.
  while (asked("Pulse") === 0) await pass(1);
  const finish = await api.begin("from a script.txt", "text/plain", "Hello");
  const row = member.getByRole("row", { name: /from a script/ });
  await shownWithin(6, row, "Incomplete");
  await expect(member.getByRole("heading", { name: "Library 62 files" })).toBeVisible();
  await finish();
  await shownWithin(6, row, "Stored");

  await pass(60);
  line.operations.length = 0;
  await pass(20);
  expect(asked("Pulse")).toBeGreaterThanOrEqual(4);
  expect(asked("Pulse")).toBeLessThanOrEqual(5);
  expect(asked("UploadsQuery")).toBe(0);
  // An untouched page asks less.
  await member.clock.fastForward(6 * 60_000);
  await pass(2);
  line.operations.length = 0;
  await pass(40);
  expect(asked("Pulse")).toBeLessThanOrEqual(2);
});

test("pages that cannot be loaded", async ({ member, baseURL, username }) => {
  await fill(await Api.logIn(baseURL ?? "", username), 120);
  let fails: (after?: string) => boolean = () => false;
  await member.route("**/graphql", (route) => {
    const { operationName, variables } = route.request().postDataJSON() as Operation;
    const isPage = operationName === "UploadsQuery";
    return isPage && fails(variables?.after) ? route.abort() : route.fallback();
  });
  const problem = member.getByRole("alert").filter({ hasText: "Check your connection" });
  const search = member.getByLabel("Search by name");
  const down = () => member.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));

  // The second page.
  fails = (after) => after !== undefined;
  await member.goto("/library");
  await expect(cardOf(member, 119)).toBeVisible();
  await down();
  await expect(problem).toBeVisible();
  await expect(member.getByRole("heading", { name: "Library 120 files" })).toBeVisible();
  // A list of other files has had no problem, and loads its second page.
  fails = () => false;
  await search.fill("scan");
  await expect(member).toHaveURL(/q=scan/);
  await expect(problem).toHaveCount(0);
  await expect(async () => {
    await down();
    await expect(cardOf(member, 0)).toBeInViewport({ timeout: 100 });
  }).toPass();

  // The first page: files that do not match are not shown in its place.
  fails = () => true;
  await search.fill("scan 11");
  await expect(member.getByText("The library couldn’t be loaded")).toBeVisible();
  await expect(member.locator(".card")).toHaveCount(0);
  await expect(search).toBeFocused();
  // They do not return while the page tries again.
  const { opened: answered, open: answer } = gate();
  fails = () => false;
  await member.route("**/graphql", async (route) => {
    await answered;
    await route.fallback();
  });
  await member.getByRole("button", { name: "Try again" }).click();
  await expect(member.getByText("The library couldn’t be loaded")).toHaveCount(0);
  await expect(member.locator(".card")).toHaveCount(0);
  answer();
  await expect(cardOf(member, 119)).toBeVisible();
  await expect(member.locator(".card")).toHaveCount(10);
  await expect(member.getByRole("heading", { name: "Library 10 files" })).toBeVisible();
});

/** A request of Apollo Client. Those that are sent before it has arrived do not name their operation. */
interface Operation {
  readonly operationName?: string;
  readonly variables?: { readonly after?: string };
}

test("on a phone, the list has space for names", async ({ member, baseURL, username }) => {
  const api = await Api.logIn(baseURL ?? "", username);
  await api.store("IMG_2041.jpg", "application/octet-stream", "Hello");
  await member.setViewportSize(SMALL_PHONE);
  await member.goto("/library?layout=list");
  const parts = member.locator(".row-name .middle-name > *");
  await expect(parts.first()).toBeVisible();
  const hidden = await parts.evaluateAll((all) =>
    all.map((part) => part.scrollWidth - part.clientWidth),
  );
  expect(Math.max(...hidden)).toBeLessThanOrEqual(1);
});
