import type { Page } from "@playwright/test";
import {
  EVERY_STATE,
  FILM,
  FORM,
  openBare,
  set,
  useFakeQueue,
  values,
  violations,
} from "./element.page.ts";
import { expect, test } from "./support/test.ts";

function isValid(page: Page): Promise<boolean | undefined> {
  return page.evaluate(() => document.forms[0]?.checkValidity());
}

test("each state has its words, reasons and actions", async ({ page, site }) => {
  const element = await openBare(page, site.origin);
  await set(page, EVERY_STATE);
  const rows = await element.getByRole("listitem").all();
  const shown = await Promise.all(
    rows.map(async (row) => [
      await row.locator(".about").textContent(),
      ...(await row.getByRole("button").evaluateAll((all) => all.map((each) => each.ariaLabel))),
    ]),
  );
  expect(shown).toEqual([
    ["Failed · 6 GB", "Remove: large.mov"],
    ["Failed · 1 MB", "Choose again: moved.jpg", "Remove: moved.jpg"],
    ["Failed · 1 MB", "Try again: unlucky.jpg", "Remove: unlucky.jpg"],
    [
      "Choose this file again to continue · 1 MB",
      "Choose again: earlier.mp4",
      "Cancel: earlier.mp4",
    ],
    ["Not finished · 1 MB", "Resume: granted.mp4", "Cancel: granted.mp4"],
    ["Uploading, 64% · 1 MB", `Pause: ${FILM}`, `Cancel: ${FILM}`],
    ["Paused · 1 MB", "Resume: held.bin", "Cancel: held.bin"],
    ["Trying again soon · 1 MB", "Try again: busy.bin", "Cancel: busy.bin"],
    ["Finishing · 1 MB", "Cancel: last.txt"],
    ["Waiting · 1 MB", "Pause: next.txt", "Cancel: next.txt"],
    ["Uploaded · 1 MB", "Remove: invoice[U+202E]fdp.exe"],
  ]);
  await expect(element.getByText("The limit is 5 GB.")).toBeVisible();
  await expect(element.getByText("Storage refuses the file.")).toBeVisible();
  for (const name of ["Pause: holiday", "Resume: held", "Try again: busy", "Cancel: last"]) {
    await element.getByRole("button", { name }).click();
  }
  await element.getByRole("button", { name: "Continue unfinished uploads", exact: true }).click();
  expect(await page.evaluate(() => window.queue.actions)).toEqual([
    ...["pause id5", "resume id6", "retry id7", "cancel id8", "reopen"],
  ]);
});

test("it is readable in both schemes, from right to left and on a phone", async ({
  page,
  site,
}) => {
  const problems: string[] = [];
  page.on("console", (message) => problems.push(message.text()));
  await openBare(page, site.origin, `<main><h1>Photos</h1>${FORM}</main>`);
  // axe-core does not know the browser's own background.
  await page.evaluate(() => (document.body.style.background = "Canvas"));
  for (const [name, items] of Object.entries({ states: EVERY_STATE, empty: [] })) {
    await set(page, items, { secondsLeft: items.length > 0 ? 40 : undefined });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const dir of ["ltr", "rtl"]) {
        await page.evaluate((value) => (document.documentElement.dir = value), dir);
        await page.setViewportSize({ width: dir === "ltr" ? 1000 : 320, height: 900 });
        await page.screenshot({ path: `screenshots/element-${name}-${colorScheme}-${dir}.png` });
        const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(excess).toBeLessThanOrEqual(0);
        expect(await violations(page)).toEqual([]);
      }
    }
  }
  const sizes = await page
    .getByRole("button")
    .evaluateAll((all) => all.map((each) => Math.min(each.clientWidth, each.clientHeight)));
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(24);
  expect(problems).toEqual([]); // Such as a violation of the policy.
});

test("the work per event does not grow with the number of files", async ({ page, site }) => {
  const element = await openBare(page, site.origin);
  const items = Array.from({ length: 5000 }, (_, index) => ({
    state: index < 3000 ? ("queued" as const) : ("stored" as const),
  }));
  await set(page, items);
  await expect(element.getByRole("listitem")).toHaveCount(50);
  await expect(element.getByText("and 4950 more")).toBeVisible();
  expect(await values(page)).toHaveLength(2001); // With the title.
  const work = await page.evaluate(() => {
    let appended = 0;
    const append = Reflect.get(FormData.prototype, "append") as (...given: unknown[]) => void;
    FormData.prototype.append = function (...given: unknown[]) {
      appended += 1;
      append.apply(this, given);
    };
    window.queue.asked = 0;
    for (let index = 0; index < 100; index++) window.queue.change(index, { state: "stored" });
    return { asked: window.queue.asked, appended };
  });
  expect(work.asked).toBeLessThanOrEqual(100 * 50);
  // To the value, and to what the browser keeps for the user's return.
  expect(work.appended).toBe(100 * 2);
  expect(await values(page)).toHaveLength(2101);
});

test("news is announced soon, and progress occasionally", async ({ page, site }) => {
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1000);
  const element = await openBare(page, site.origin);
  const live = element.getByRole("status");
  const items = Array.from({ length: 40 }, () => ({ state: "uploading" as const }));
  await set(page, items);
  await page.clock.runFor(1000);
  await expect(live).toHaveText("Uploading, 40 left");
  for (let index = 0; index < 30; index++) {
    await page.evaluate((at) => window.queue.change(at, { state: "stored" }), index);
    await page.clock.runFor(100);
  }
  await expect(live).toHaveText("Uploading, 40 left");
  await page.clock.runFor(15_000);
  await expect(live).toHaveText("Uploading, 10 left");
  await page.evaluate(() => window.queue.change(30, { state: "failed" }));
  await page.clock.runFor(1000);
  await expect(live).toHaveText("Uploading, 9 left, 1 failed");
});

test("the focus stays where the user is when a file goes", async ({ page, site }) => {
  const element = await openBare(page, site.origin);
  const names = ["a.txt", "b.txt", "c.txt"].map((name) => ({ id: name, name }));
  await set(page, names);
  const cancel = (name: string) => element.getByRole("button", { name: `Cancel: ${name}` });
  await element.getByRole("button", { name: "Pause: a.txt" }).focus();
  await set(page, [{ ...names[0], state: "paused" }, ...names.slice(1)]);
  await expect(element.getByRole("button", { name: "Resume: a.txt" })).toBeFocused();
  await set(page, [{ ...names[0], state: "completing" }, ...names.slice(1)]);
  await expect(cancel("a.txt")).toBeFocused();
  await set(page, names.slice(1));
  await expect(cancel("b.txt")).toBeFocused();
  await set(page, [...names.slice(2), ...names.slice(1, 2)]); // b.txt moves.
  await expect(cancel("b.txt")).toBeFocused();
  await set(page, []);
  await expect(element.getByRole("button", { name: "Choose files" })).toBeFocused();
});

test("the form follows the files, and is restored when the user comes back", async ({
  page,
  site,
}) => {
  const element = await openBare(page, site.origin);
  await page.evaluate(() => {
    const log: string[] = [];
    Object.assign(window, { log });
    for (const type of ["change", "upload-stored", "upload-failed"]) {
      document.addEventListener(type, () =>
        log.push(`${type} ${document.forms[0]?.checkValidity()}`),
      );
    }
    document.querySelector("media-upload")?.toggleAttribute("required", true);
  });
  expect(await isValid(page)).toBe(false);
  await set(page, [{ state: "stored" }, { state: "uploading" }, { state: "failed" }]);
  expect(await isValid(page)).toBe(false);
  await page.evaluate(() => window.queue.change(1, { state: "stored" }));
  expect(await isValid(page)).toBe(true);
  const ids = ["photos", "upload0", "photos", "upload1"];
  expect((await values(page)).slice(1).flat()).toEqual(ids);
  // When `change` is fired for the last file, the form can be sent.
  const log = await page.evaluate(() => (window as unknown as { log: string[] }).log);
  expect(log.filter((entry) => entry.startsWith("change"))).toEqual([
    "change false",
    "change true",
  ]);
  expect(log.filter((entry) => entry.startsWith("upload-failed"))).toHaveLength(1);
  await page.goto(`${site.origin}/`);
  await page.goBack();
  await page.evaluate(() => customElements.whenDefined("media-upload").then(() => undefined));
  await page.evaluate(useFakeQueue);
  await expect(element.getByRole("listitem")).toHaveCount(2);
  expect((await values(page)).slice(1).flat()).toEqual(ids);
  await element.getByRole("button", { name: "Remove: 0.txt" }).click();
  expect((await values(page)).slice(1).flat()).toEqual(ids.slice(2));
  await page.evaluate(() => document.querySelector("media-upload")?.setAttribute("name", "files"));
  expect((await values(page)).slice(1).flat()).toEqual(["files", "upload1"]);
  await page.evaluate(() => document.forms[0]?.reset());
  expect(await values(page)).toHaveLength(1);
});

test("a browser without ElementInternals gets hidden inputs", async ({ page, site }) => {
  await page.addInitScript(() => Reflect.deleteProperty(HTMLElement.prototype, "attachInternals"));
  await openBare(page, site.origin);
  await set(page, [{ state: "stored" }, { state: "stored" }]);
  const all = [
    ["title", "Sea"],
    ["photos", "upload0"],
    ["photos", "upload1"],
  ];
  expect(await values(page)).toEqual(all);
  await set(page, [{ state: "stored" }]);
  expect(await values(page)).toEqual(all.slice(0, 2));
});

test("files are dropped anywhere on it, and not while it is disabled", async ({ page, site }) => {
  await openBare(page, site.origin, `<form><fieldset>${FORM}</fieldset></form>`);
  await set(page, [{}]);
  const drop = () =>
    page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["x"], "dropped.txt"));
      const list = document.querySelector("media-upload")?.shadowRoot?.querySelector("ul");
      const options = { bubbles: true, composed: true, cancelable: true, dataTransfer };
      // The browser would leave the page for the file if nothing prevented it.
      return list?.dispatchEvent(new DragEvent("drop", options));
    });
  const actions = () => page.evaluate(() => window.queue.actions);
  expect(await drop()).toBe(false);
  await expect.poll(actions).toEqual(["add dropped.txt"]);
  await page.evaluate(() => document.querySelector("fieldset")?.toggleAttribute("disabled", true));
  await expect(page.getByRole("button", { name: "Choose files" })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Cancel: 0.txt" })).toBeDisabled();
  expect(await drop()).toBe(false);
  expect(await actions()).toEqual(["add dropped.txt"]);
});

test("its texts can be replaced, by slots and in other languages", async ({ page, site }) => {
  const body = `<media-upload><b slot="button">Pick photos</b><i slot="empty">None</i></media-upload>`;
  const element = await openBare(page, site.origin, body);
  await expect(element.getByRole("button", { name: "Pick photos" })).toBeVisible();
  await expect(element.getByText("None")).toBeVisible();
  await set(page, [{ state: "paused" }]);
  await expect(element.getByText("None")).toBeHidden();
  await page.evaluate(() => {
    const [upload] = document.getElementsByTagName("media-upload");
    if (upload !== undefined) upload.texts = { resume: "Fortsetzen", label: "Hierher ziehen" };
  });
  await expect(element.getByText("Hierher ziehen")).toBeVisible();
  await expect(element.getByRole("button", { name: "Fortsetzen: 0.txt" })).toBeVisible();
});

test("a label opens the file picker, and a click on a row does not move the page", async ({
  page,
  site,
}) => {
  const body = `<label for="photos">Photos</label><media-upload id="photos"></media-upload>`;
  const element = await openBare(page, site.origin, body);
  // Playwright's own locators do not know the roles that come from ElementInternals.
  const { nodes } = await (
    await page.context().newCDPSession(page)
  ).send("Accessibility.getFullAXTree");
  const named = nodes.filter(({ name }) => name?.value === "Photos");
  expect(named.map(({ role }) => role?.value as string)).toContain("group");
  const choosing = page.waitForEvent("filechooser");
  await page.getByText("Photos", { exact: true }).click();
  expect((await choosing).isMultiple()).toBe(false);
  await page.setViewportSize({ width: 400, height: 300 });
  await set(page, EVERY_STATE);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  const before = await page.evaluate(() => scrollY);
  expect(before).toBeGreaterThan(0);
  await element.getByText("Storage refuses the file.").click({ position: { x: 2, y: 2 } });
  expect(await page.evaluate(() => scrollY)).toBe(before);
});

test("one file replaces another, and attributes apply at once", async ({ open, files, stored }) => {
  const page = await open("html");
  const upload = page.locator("media-upload");
  const choose = async (name: string, content: string) =>
    upload.locator("input[type=file]").setInputFiles(await files.write(name, content));
  const log = await page.evaluateHandle(() => {
    const failed: string[] = [];
    document.addEventListener("upload-failed", ({ detail }) => failed.push(detail.name));
    Object.assign(document.querySelector("media-upload") ?? {}, { multiple: false, tags: "a, b" });
    return failed;
  });
  await choose("one.txt", "one");
  await expect(upload.getByRole("listitem")).toContainText("one.txtUploaded");
  await choose("two.txt", "two");
  // The first one goes when the second one is there.
  await expect(upload.getByText("two.txt")).toBeVisible();
  await expect(upload.getByRole("listitem")).toHaveCount(1);
  await expect(upload.getByRole("listitem")).toContainText("two.txtUploaded");
  await expect.poll(() => values(page)).toHaveLength(2); // With the title.
  await page.evaluate(() => {
    const limits = { multiple: true, accept: ".txt", maxBytes: 10_000, max: 3 };
    Object.assign(document.querySelector("media-upload") ?? {}, limits);
  });
  await choose("large.txt", "x".repeat(10_001));
  await expect(upload.getByText("The limit is 10 kB.")).toBeVisible();
  await choose("page.html", "<p>");
  await expect(upload.getByText("Accepted: .txt.")).toBeVisible();
  await choose("fourth.txt", "4");
  await expect(upload.getByText("Only 3 files are allowed.")).toBeVisible();
  expect(await log.jsonValue()).toEqual(["large.txt", "page.html", "fourth.txt"]);
  await expect(upload.getByRole("listitem")).toHaveCount(4);
  expect((await stored()).map(({ filename }) => filename)).toEqual(["one.txt", "two.txt"]);
});
