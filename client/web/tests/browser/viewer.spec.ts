import type { Page } from "@playwright/test";
import { Api } from "./support/api.ts";
import { png } from "./support/files.ts";
import { check, SMALL_PHONE } from "./support/pages.ts";
import { expect, logIn, test } from "./support/test.ts";

const BINARY = "application/octet-stream";
const TEXT = "<script>alert(1)</script>\n" + "A line of text.\n".repeat(20_000);

async function processed(api: Api): Promise<void> {
  await expect.poll(() => api.unprocessed(), { timeout: 120_000 }).toEqual([]);
}

function viewerOf(page: Page, name: string | RegExp) {
  return page.getByRole("dialog", { name });
}

/**
 * Record what gets keys at the moments when the viewer comes and goes: later, they could be lost on a
 * busy machine.
 */
function watchViewer(page: Page) {
  return page.evaluateHandle(() => {
    const moments: string[] = [];
    const isViewer = (node: Node): node is Element =>
      node instanceof Element && node.matches("dialog.viewer");
    new MutationObserver((changes) => {
      for (const { addedNodes, removedNodes } of changes) {
        for (const viewer of [...addedNodes].filter(isViewer)) {
          moments.push(viewer.matches(":modal") ? "modal" : "behind");
        }
        if ([...removedNodes].some(isViewer)) {
          moments.push(document.activeElement?.ariaLabel ?? "nothing");
        }
      }
    }).observe(document.body, { childList: true, subtree: true });
    return moments;
  });
}

test("pictures are viewed one after the other, from previews", async ({
  member,
  baseURL,
  username,
  line,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const ids: string[] = [];
  for (let number = 1; number <= 5; number += 1) {
    ids.push(await api.store(`Coast ${number}.png`, "image/png", png(1800, 900, number)));
  }
  const [, , third = ""] = ids;
  await processed(api);
  await member.goto("/library?sort=oldest");
  await member.getByRole("button", { name: "Details of Coast 3.png" }).click();
  const link = member
    .getByRole("complementary", { name: "Details" })
    .getByRole("link", { name: "Coast 3.png" });
  await link.click();
  await expect(member).toHaveURL(`/library?sort=oldest&open=${third}&view=${third}`);
  const viewer = viewerOf(member, "Coast 3.png");
  const previews = () => line.fetched.filter(({ path }) => path.includes("/preview.webp"));
  const originals = () => line.fetched.filter(({ path }) => path.includes("/uploads/"));
  await expect(viewer.getByRole("img", { name: "Coast 3.png" })).toBeVisible();
  // The file itself, and its neighbours; then one more per step, and none on the way back.
  await expect.poll(() => previews().length).toBe(3);
  await member.keyboard.press("ArrowRight");
  await expect(viewerOf(member, "Coast 4.png").getByRole("status")).toHaveText(
    "Coast 4.png, 4 of 5",
  );
  await expect.poll(() => previews().length).toBe(4);
  await member.keyboard.press("ArrowRight");
  await member.keyboard.press("ArrowRight");
  await expect(viewerOf(member, "Coast 5.png")).toBeVisible();
  await member.keyboard.press("ArrowLeft");
  await expect(viewerOf(member, "Coast 4.png")).toBeVisible();
  expect(previews()).toHaveLength(4);
  expect(originals()).toEqual([]);

  // Zooming loads the original, once.
  const picture = viewerOf(member, "Coast 4.png").locator(".viewer-picture");
  const width = async () => Math.round((await picture.boundingBox())?.width ?? 0);
  const fitted = await width();
  await member.keyboard.press("+");
  await expect.poll(width).toBeGreaterThan(fitted * 1.4);
  await expect.poll(() => originals().length).toBe(1);
  const left = (await picture.boundingBox())?.x ?? 0;
  await member.keyboard.press("ArrowRight"); // Moves the picture while it is zoomed.
  await expect.poll(async () => (await picture.boundingBox())?.x ?? 0).toBeLessThan(left);
  await member.keyboard.press("0");
  await expect.poll(width).toBe(fitted);
  await picture.dblclick();
  await expect.poll(width).toBe(Math.round(fitted * 2.5));
  await picture.dblclick();
  await member.mouse.wheel(0, -400);
  await expect.poll(width).toBeGreaterThan(fitted * 2);
  await member.getByRole("button", { name: "Zoom out" }).click();
  await member.getByRole("button", { name: "Reset zoom" }).click();
  await expect.poll(width).toBe(fitted);
  expect(originals()).toHaveLength(1);

  // Escape returns to the list, at the file that was shown last, and so does Back.
  await member.keyboard.press("Escape");
  await expect(member).toHaveURL(`/library?sort=oldest&open=${third}`);
  await expect(member.getByRole("button", { name: "Details of Coast 4.png" })).toBeFocused();
  await link.click();
  await expect(viewerOf(member, "Coast 3.png")).toBeVisible();
  await member.goBack();
  await expect(member).toHaveURL(`/library?sort=oldest&open=${third}`);
  await expect(viewerOf(member, "Coast 3.png")).toHaveCount(0);
  await expect(link).toBeFocused();
  await member.keyboard.press("Escape");
  // A double click on a card opens the viewer, too, and so does V.
  const card = member.getByRole("button", { name: "Details of Coast 3.png" });
  const moments = await watchViewer(member);
  await card.press("v");
  await expect(viewerOf(member, "Coast 3.png")).toBeVisible();
  await member.keyboard.press("Escape");
  await expect(card).toBeFocused();
  expect(await moments.jsonValue()).toEqual(["modal", "Details of Coast 3.png"]);
  await card.dblclick();
  await expect(viewerOf(member, "Coast 3.png")).toBeVisible();

  // A link to a file, opened anew. Closing it leaves the focus on the file's card.
  await member.goto(`/library?q=coast&view=${third}`);
  await expect(viewerOf(member, "Coast 3.png").getByRole("status")).toContainText("3 of 5");
  await member.getByRole("button", { name: "Next file" }).click();
  await expect(viewerOf(member, "Coast 2.png")).toBeVisible();
  await member.getByRole("button", { name: "Close" }).click();
  await expect(member).toHaveURL("/library?q=coast");
  await expect(member.getByRole("button", { name: "Details of Coast 2.png" })).toBeFocused();

  // A file that the list does not contain.
  await member.goto(`/library?q=nothing&view=${third}`);
  await expect(viewerOf(member, "Coast 3.png").getByRole("img")).toBeVisible();
  await member.keyboard.press("i");
  await expect(member.getByRole("complementary", { name: "Details" })).toContainText("1,800 × 900");
  await check(member, "viewer-picture");
  await member.goto(`/library?view=${"0".repeat(24)}`);
  await expect(member.getByText("File not found")).toBeVisible();
});

test("each kind of file is viewed in its own way", async ({
  member,
  files,
  baseURL,
  username,
  line,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const names = ["Contract.pdf", "Waves.webm"];
  for (const { name, contentType, data } of await files.samples("mixed", names)) {
    await api.store(name, contentType, data);
  }
  await api.store("Notes.html", "text/html", TEXT);
  await api.store("Data.bin", BINARY, "\0\u0001");
  await processed(api);
  // The browser of the tests has no viewer for PDF.
  await member.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "pdfViewerEnabled", { get: () => true });
  });
  const ranges: string[] = [];
  member.on("request", (request) => {
    const { range } = request.headers();
    if (range !== undefined) ranges.push(range);
  });
  const uploads = (await api.ask(IDS)) as { uploads: { nodes: { id: string }[] } };
  await member.goto(`/library?view=${uploads.uploads.nodes[0]?.id}`);

  const binary = viewerOf(member, "Data.bin");
  await expect(binary.getByText("Files of this type can’t be shown here.")).toBeVisible();
  await expect(binary.getByText("BIN · 2 bytes")).toBeVisible();
  await expect(binary.getByRole("button", { name: "Download file" })).toBeVisible();
  await check(member, "viewer-other");

  await member.keyboard.press("ArrowRight");
  const text = viewerOf(member, "Notes.html");
  const shown = text.getByRole("region", { name: "Text of Notes.html" });
  await expect(shown).toContainText("<script>alert(1)</script>");
  await expect(shown).toContainText("262 kB of 320 kB shown.");
  expect(ranges).toEqual(["bytes=0-262143"]);
  await check(member, "viewer-text");
  await text.getByRole("button", { name: "Show more" }).click();
  await expect.poll(async () => (await shown.locator("pre").textContent()) === TEXT).toBe(true);
  await expect(text.getByRole("button", { name: "Show more" })).toHaveCount(0);
  await expect(shown).toBeFocused(); // As the button is gone.
  expect(ranges).toEqual(["bytes=0-262143", `bytes=262144-${TEXT.length - 1}`]);

  await member.keyboard.press("ArrowRight");
  const video = viewerOf(member, "Waves.webm").locator("video");
  await expect(video).toHaveAttribute("poster", /preview\.webp/);
  const duration = await video.evaluate(async (video: HTMLVideoElement) => {
    if (video.readyState < 1) await new Promise((r) => video.addEventListener("loadedmetadata", r));
    const seeked = new Promise((r) => video.addEventListener("seeked", r));
    video.currentTime = video.duration - 1;
    await seeked;
    return video.duration;
  });
  expect(duration).toBeGreaterThan(6);
  expect(ranges.filter((range) => /^bytes=\d+-$/.test(range)).length).toBeGreaterThan(0);
  await check(member, "viewer-video");

  line.fetched.length = 0;
  await member.keyboard.press("ArrowRight");
  const frame = viewerOf(member, "Contract.pdf").locator("iframe");
  await expect(frame).toHaveAttribute("src", /response-content-disposition=inline/);
  await expect.poll(() => line.fetched.some(({ path }) => path.includes("/uploads/"))).toBe(true);
  await check(member, "viewer-pdf");
});

test("a file is viewed and shared with a screen reader, without its location", async ({
  member,
  files,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  for (const { name, contentType, data } of await files.samples("mixed", ["Upright.jpg"])) {
    await api.store(name, contentType, data);
  }
  await api.store("notes.txt", "text/plain", "Hello");
  await processed(api);
  await member.reload();
  await member.getByRole("button", { name: "Details of Upright.jpg" }).click();
  await member.getByRole("link", { name: "Upright.jpg" }).click();
  const viewer = viewerOf(member, "Upright.jpg");
  await expect(viewer).toMatchAriaSnapshot(`
    - dialog "Upright.jpg":
      - button "Close"
      - heading "Upright.jpg" [level=2]
      - status: Upright.jpg, 2 of 2
      - group "Actions":
        - button "Details"
        - button "Share"
        - button "Download"
      - img "Upright.jpg"
      - group "Zoom":
        - button "Zoom out"
        - button "Reset zoom, now 100%"
        - button "Zoom in"
      - button "Previous file"
      - button "Next file" [disabled]
  `);
  await viewer.getByRole("button", { name: "Share" }).click();
  const panel = viewer.getByRole("complementary", { name: "Share" });
  await expect(panel.getByRole("status")).toContainText("Works until");
  await expect(panel).toMatchAriaSnapshot(`
    - complementary "Share":
      - heading "Share" [level=3]
      - group "What to share":
        - paragraph: The file contains the location where it was taken. Its preview does not, so the link opens the preview unless you choose the original.
        - radio "Preview, without the location" [checked]
        - radio "Original file, with the location"
      - button "Copy link"
      - textbox "Link"
      - status:
        - text: Works until
        - time
        - text: ", for anyone who has it."
  `);
  const link = panel.getByLabel("Link", { exact: true });
  await expect(link).toHaveValue(/preview\.webp/);
  await panel.getByRole("radio", { name: "Original file, with the location" }).check();
  await expect(link).toHaveValue(/\/uploads\//);
  await panel.getByLabel("Works for").selectOption("1 week");
  const week = Date.now() + 7 * 86_400_000;
  const expiry = async () =>
    Date.parse((await panel.locator("time").getAttribute("datetime")) ?? "") - week;
  await expect.poll(async () => Math.abs(await expiry())).toBeLessThan(60_000);
  await panel.getByRole("button", { name: "Copy link" }).click();
  await expect(panel.getByRole("button", { name: "Link copied" })).toBeVisible();
  expect(await member.evaluate(() => navigator.clipboard.readText())).toBe(await link.inputValue());
  await check(member, "viewer-share");

  // Escape closes the panel first; the focus stays in the viewer.
  await member.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await expect(viewer.getByRole("button", { name: "Share" })).toBeFocused();
  const saving = member.waitForEvent("download");
  await viewer.getByRole("button", { name: "Download" }).click();
  expect((await saving).suggestedFilename()).toBe("Upright.jpg");
  await member.keyboard.press("Escape");
  await expect(viewer).toHaveCount(0);

  // Without a location, the link leads to the file.
  await member.goto("/library");
  await member.getByRole("button", { name: "Details of notes.txt" }).click();
  const details = member.getByRole("complementary", { name: "Details" });
  await details.getByRole("button", { name: "Share" }).click();
  await expect(details.getByLabel("Link", { exact: true })).toHaveValue(/\/uploads\//);
  await expect(details.getByRole("radio")).toHaveCount(0);
  await details.getByRole("link", { name: "View" }).click();
  await expect(viewerOf(member, "notes.txt").getByText("Hello")).toBeVisible();
});

test("a finger swipes to the next file, and the list's next page follows", async ({
  browser,
  baseURL,
  username,
  member,
  line,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const id = await api.store("One.png", "image/png", png(300, 200, 1));
  await api.store("Two.png", "image/png", png(300, 200, 2));
  await processed(api);
  const context = await browser.newContext({
    baseURL: baseURL ?? "",
    hasTouch: true,
    viewport: SMALL_PHONE,
    proxy: { server: line.url, bypass: "<-loopback>" },
  });
  const phone = await context.newPage();
  await logIn(phone, username);
  await phone.goto(`/library?view=${id}`);
  await expect(viewerOf(phone, "One.png").getByRole("img")).toBeVisible();
  const touch = await context.newCDPSession(phone);
  async function swipe(from: number, to: number) {
    const at = (x: number) => [{ x, y: 300 }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(from) });
    await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(to) });
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  }
  await swipe(80, 260);
  await expect(viewerOf(phone, "Two.png").getByRole("img")).toBeVisible();
  await swipe(260, 80);
  await expect(viewerOf(phone, "One.png").getByRole("img")).toBeVisible();

  const picture = phone.locator(".viewer-picture");
  const width = async () => (await picture.boundingBox())?.width ?? 0;
  const fitted = await width();
  const pinch = (apart: number) => [
    { x: 180 - apart, y: 300, id: 0 },
    { x: 180 + apart, y: 300, id: 1 },
  ];
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: pinch(30) });
  await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: pinch(60) });
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await expect.poll(width).toBeGreaterThan(fitted * 1.8);
  await swipe(260, 80); // Moves the picture.
  await expect(viewerOf(phone, "One.png")).toBeVisible();
  await context.close();

  // The viewer loads the list's next page before it gets to the end of the first one. It shows stored
  // files only, the first three of which are at the end of the first page; the second has none.
  const waiting = Array.from({ length: 97 }, (_, index) => `${100 + index}.bin`);
  const between = Array.from({ length: 100 }, (_, index) => `202.x${100 + index}.bin`);
  for (const filenames of [waiting, between]) {
    await api.request(filenames.map((filename) => ({ filename, contentType: BINARY })));
  }
  const store = async (index: number) => api.store(`${200 + index}.bin`, BINARY, "x");
  const [, second = ""] = await Promise.all(Array.from({ length: 6 }, (_, index) => store(index)));
  // A page that could not be loaded is requested again at the next step.
  let lost = 0;
  await member.route("**/graphql", (route) => {
    const { variables } = route.request().postDataJSON() as { variables?: { after?: string } };
    if (variables?.after === undefined) return route.fallback();
    lost += 1;
    return route.abort();
  });
  await member.goto(`/library?sort=name&view=${second}`);
  await expect(viewerOf(member, "201.bin").getByRole("status")).toContainText("201.bin, 2 of");
  await expect.poll(() => lost).toBeGreaterThan(0);
  await member.unroute("**/graphql");
  await expect(async () => {
    await member.keyboard.press("ArrowLeft");
    await member.keyboard.press("ArrowRight");
    const position = viewerOf(member, "201.bin").getByRole("status");
    await expect(position).toContainText("2 of 8", { timeout: 1000 });
  }).toPass();

  line.operations.length = 0;
  await member.goto(`/library?sort=name&view=${second}`);
  await expect(viewerOf(member, "201.bin").getByRole("status")).toContainText("201.bin, 2 of");
  await expect
    .poll(() => line.operations.filter((name) => name === "UploadsQuery"))
    .toEqual(["UploadsQuery", "UploadsQuery", "UploadsQuery"]);
  await expect(viewerOf(member, "201.bin").getByRole("status")).toContainText("2 of 8");
  // Keys may be pressed faster than a slow device renders.
  const devtools = await member.context().newCDPSession(member);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  for (let step = 0; step < 3; step += 1) {
    await member.keyboard.press("ArrowRight");
    await member.waitForTimeout(30);
  }
  await expect(viewerOf(member, "204.bin")).toBeVisible();
});

const IDS = "{ uploads(first: 1) { nodes { id } } }";

test("the facts appear in the open viewer once the file is processed", async ({
  member,
  files,
  line,
  baseURL,
  username,
}) => {
  const api = await Api.logIn(baseURL ?? "", username);
  const [memo] = await files.samples("mixed", ["Memo.mp3"]);
  const id = await api.store("Memo.mp3", "audio/mpeg", memo?.data ?? "");
  await processed(api);
  // Its first responses are those of a moment before.
  const early = new Set(["UploadsQuery", "UploadQuery"]);
  line.rewrite = (operation, body) => {
    if (!early.delete(operation)) return body;
    return body
      .replace(/"processing": ?"DONE"/, '"processing":"PENDING"')
      .replace(/"media": ?\{[^}]*\}/, '"media":null');
  };
  await member.goto(`/library?view=${id}`);
  const viewer = viewerOf(member, "Memo.mp3");
  await viewer.getByRole("button", { name: "Details" }).click();
  const facts = viewer.getByRole("complementary", { name: "Details" });
  await expect(facts).toContainText("audio/mpeg");
  await expect(facts).toContainText("Audio codec");
  expect([...early]).toEqual([]);
});
