import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { Api } from "../../../web/tests/browser/support/api.ts";
import {
  arrived,
  expect,
  partsOf,
  signUp,
  test as base,
} from "../../../web/tests/browser/support/test.ts";
import type { createUploads, UploadItem, Uploads } from "../../src/index.ts";

const DIST = join(import.meta.dirname, "../../dist");
const PART_BYTES = 16 * 1024 * 1024;

declare global {
  interface Window {
    uploads: Uploads;
    /** Return a file of so many parts; `seed` sets its bytes. */
    fileOf: (bytes: number, name?: string, seed?: number) => File;
  }
}

/** Opens a bare page with a queue of its own, as a new tab. */
const test = base.extend<{ tab: (context?: BrowserContext) => Promise<Page> }>({
  tab: async ({ context, page, baseURL, username }, provide) => {
    await signUp(page, username);
    const { token } = await Api.logIn(baseURL ?? "", username);
    await page.close();
    await provide(async () => {
      const opened = await context.newPage();
      await opened.route("**/bare/**", (route) => {
        const { pathname } = new URL(route.request().url());
        const file = pathname.slice("/bare/".length);
        return file === ""
          ? route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Bare</title>" })
          : route.fulfill({ path: join(DIST, file), contentType: "text/javascript" });
      });
      await opened.goto("/bare/");
      await opened.evaluate(begin, token);
      return opened;
    });
  },
});

/** Runs in the page. */
async function begin(token: string): Promise<void> {
  const entry = "/bare/index.js";
  const module = (await import(entry)) as { createUploads: typeof createUploads };
  window.uploads = module.createUploads({ endpoint: "/graphql", getToken: () => token });
  window.fileOf = (bytes, name = "film.bin", seed = 1) => {
    const block = new Uint8Array(1024 ** 2);
    for (let at = 0; at < block.length; at++) block[at] = (at * seed * 31) % 251;
    const count = Math.ceil(bytes / block.length);
    const file = new File(Array<Uint8Array<ArrayBuffer>>(count).fill(block), name);
    return new File([file.slice(0, bytes)], name, { lastModified: 1 });
  };
}

const PARTS = [1, 2, 3];

function add(page: Page, bytes: number): Promise<UploadItem | undefined> {
  return page.evaluate(async (size) => (await window.uploads.add([window.fileOf(size)]))[0], bytes);
}

function first(page: Page): Promise<UploadItem | undefined> {
  return page.evaluate(() => window.uploads.at(0));
}

async function expectState(page: Page, state: string): Promise<void> {
  await expect.poll(async () => (await first(page))?.state, { timeout: 60_000 }).toBe(state);
}

test("a closed tab's upload is offered in the next one, and only the rest is sent", async ({
  tab,
  line,
}) => {
  const release = line.hold(3);
  const one = await tab();
  await add(one, PARTS.length * PART_BYTES);
  await arrived(line, [1, 2]);
  await expect.poll(async () => (await first(one))?.uploadId).toBeDefined();
  await one.waitForTimeout(500); // The journal is written a moment later.
  await one.close();
  release();
  const next = await tab();
  await expectState(next, "missing");
  expect(await first(next)).toMatchObject({ name: "film.bin", reopenable: false });
  await add(next, PARTS.length * PART_BYTES);
  await expectState(next, "stored");
  expect(partsOf(line)).toEqual(PARTS);
  expect(await next.evaluate(() => window.uploads.snapshot.files)).toBe(1);
});

test("a file that the browser can read again continues by itself", async ({ tab, line }) => {
  const release = line.hold(3);
  const one = await tab();
  await one.evaluate(async (size) => {
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle("film.bin", { create: true });
    const writable = await handle.createWritable();
    await writable.write(window.fileOf(size));
    await writable.close();
    await window.uploads.add([{ file: await handle.getFile(), handle }]);
  }, PARTS.length * PART_BYTES);
  await arrived(line, [1, 2]);
  await one.waitForTimeout(500);
  await one.close();
  release();
  const next = await tab();
  await expectState(next, "stored");
  expect(partsOf(line)).toEqual(PARTS);
});

test("a tab shows what another one sends, and takes it over when that one is closed", async ({
  tab,
  line,
}) => {
  const release = line.hold(3);
  const idle = await tab();
  const sender = await tab();
  await add(sender, PARTS.length * PART_BYTES);
  await arrived(line, [1, 2]);
  const { id = "", uploadId = "" } = (await first(sender)) ?? {};
  const progress = () => idle.evaluate((id) => window.uploads.progressOf(id), uploadId);
  await expect
    .poll(async () => (await progress())?.bytesSent ?? 0)
    .toBeGreaterThanOrEqual(2 * PART_BYTES);
  expect(await progress()).toMatchObject({ elsewhere: true, state: "uploading" });
  expect(await idle.evaluate(() => window.uploads.snapshot)).toMatchObject({
    ...{ files: 0, elsewhere: { files: 1, bytesTotal: PARTS.length * PART_BYTES } },
  });
  // Choosing its file here does not send it twice, also after a pause there.
  const choose = async () => {
    await idle.evaluate(
      async ([size, upload]) => {
        await window.uploads.cancel();
        await window.uploads.add([window.fileOf(size)], { uploadId: upload });
      },
      [PARTS.length * PART_BYTES, uploadId] as const,
    );
    await expectState(idle, "failed");
    expect((await first(idle))?.problem?.message).toContain("another tab");
  };
  await choose();
  await sender.evaluate((paused) => window.uploads.pause(paused), id);
  await expect.poll(async () => (await progress())?.state).toBe("paused");
  await choose();
  await sender.evaluate((paused) => window.uploads.resume(paused), id);
  await expect.poll(async () => (await progress())?.state).toBe("uploading");
  await choose();
  await idle.evaluate(() => window.uploads.cancel());
  await sender.close();
  release();
  await expectState(idle, "missing");
  await add(idle, PARTS.length * PART_BYTES);
  await expectState(idle, "stored");
  expect(partsOf(line)).toEqual(PARTS);
});

test("a file whose bytes arrived before its tab was closed needs no second choice", async ({
  tab,
  line,
}) => {
  const one = await tab();
  // The bytes arrive, but the page can't tell the service.
  line.beforePut = () => {
    line.serviceDown = true;
  };
  await add(one, 1000);
  await expect.poll(() => partsOf(line)).toEqual([1]);
  await expect.poll(async () => (await first(one))?.state).toBe("waiting");
  await one.close();
  line.serviceDown = false;
  const next = await tab();
  await expectState(next, "stored");
  expect(partsOf(line)).toEqual([1]);
});

test("on a slow line, a closed tab loses little of what was sent, and a pause less", async ({
  tab,
  line,
}) => {
  line.bytesPerSecond = 4 * 1024 ** 2;
  const one = await tab();
  await add(one, 200_000_000);
  const passed = () => line.sent.reduce((sum, { bytes }) => sum + bytes, 0);
  const kept = () => partsOf(line).length * PART_BYTES;
  await expect.poll(passed, { timeout: 120_000 }).toBeGreaterThan(4.5 * PART_BYTES);
  // A tab that is closed now loses the rest.
  expect(kept() / passed()).toBeGreaterThan(0.6);

  const shown = (await first(one))?.bytesSent ?? 0;
  await one.evaluate(() => window.uploads.pause());
  await expectState(one, "paused");
  await expect.poll(() => kept() / shown, { timeout: 60_000 }).toBeGreaterThanOrEqual(0.9);
  const requests = line.sent.length;
  await one.waitForTimeout(1000);
  expect(line.sent).toHaveLength(requests);
});
