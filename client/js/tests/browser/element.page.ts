import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Locator, Page } from "@playwright/test";
import type { UploadItem, Uploads, UploadsSnapshot } from "../../src/index.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const POLICY = "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'self'";
export const FORM = `<form><input name="title" aria-label="Title" value="Sea"><media-upload name="photos"></media-upload></form>`;

/** A queue that does nothing by itself: tests set its files, and see what the element asks for. */
export interface FakeQueue extends Uploads {
  /** How often the element has asked for a file. */
  asked: number;
  /** What the user has done, such as `pause id1`. */
  readonly actions: readonly string[];
  /** Set all files, or one, and let the element know, as the real queue does. */
  set(items: readonly Partial<UploadItem>[], more?: Partial<UploadsSnapshot>): void;
  change(index: number, change: Partial<UploadItem>): void;
}

declare global {
  interface Window {
    queue: FakeQueue;
  }
}

export const FILM = "holiday/A long film of the sea that nobody has ever watched to its end.mp4";

function problem(kind: string, message: string, code?: string): UploadItem["problem"] {
  return { kind, message, code } as unknown as UploadItem["problem"];
}

/** A file in each state. */
export const EVERY_STATE: Partial<UploadItem>[] = [
  {
    ...{ name: "large.mov", state: "failed", size: 6e9 },
    problem: problem("refused", "The limit is 5000000000 bytes.", "FILE_TOO_LARGE"),
  },
  {
    ...{ name: "moved.jpg", state: "failed", retryable: true },
    problem: problem("file", "The file can't be read: it was moved. Choose it again."),
  },
  {
    ...{ name: "unlucky.jpg", state: "failed", retryable: true },
    problem: problem("storage", "Storage refuses the file."),
  },
  { name: "earlier.mp4", state: "missing" },
  { name: "granted.mp4", state: "missing", reopenable: true },
  { name: FILM, state: "uploading", bytesSent: 640_000 },
  { name: "held.bin", state: "paused", bytesSent: 300_000 },
  {
    ...{ name: "busy.bin", state: "retrying", retryable: true, bytesSent: 200_000 },
    problem: problem("storage", "Storage rejected the file (SlowDown)."),
  },
  { name: "last.txt", state: "completing", bytesSent: 1_000_000 },
  { name: "next.txt", state: "queued" },
  { name: "invoice\u202efdp.exe", state: "stored", bytesSent: 1_000_000 },
];

/** Runs in the page: give the element a queue whose files the test sets. */
export function useFakeQueue(): void {
  const ACTIVE = ["queued", "uploading", "waiting", "retrying", "paused", "completing"];
  const STATES = [...ACTIVE, "requesting", "hashing", "missing", "stored", "failed", "cancelled"];
  const FILE = {
    ...{ type: "text/plain", size: 1_000_000, state: "queued", bytesSent: 0 },
    ...{ problem: undefined, retryable: false, reopenable: false },
  };
  let items: UploadItem[] = [];
  let more: Partial<UploadsSnapshot> = {};
  let listener = (): void => undefined;
  let watcher: (item: UploadItem) => void = listener;
  const actions: string[] = [];
  const act = (name: string) => (about?: string) => {
    actions.push(about === undefined ? name : `${name} ${about}`);
  };
  const counted = () => Object.fromEntries(STATES.map((state) => [state, countOf([state])]));
  const countOf = (states: string[]) => items.filter(({ state }) => states.includes(state)).length;
  const sumOf = (key: "size" | "bytesSent") => items.reduce((sum, item) => sum + item[key], 0);
  const queue = {
    asked: 0,
    actions,
    at: (index: number) => {
      queue.asked += 1;
      return items[index];
    },
    find: (id: string) => items.find((item) => item.id === id),
    subscribe: (given: () => void) => {
      listener = given;
      return () => undefined;
    },
    watch: (given: typeof watcher) => {
      watcher = given;
      return () => undefined;
    },
    add: (files: { file: File }[]) => {
      act("add")(files.map(({ file }) => file.name).join());
      return Promise.resolve([]);
    },
    ...{ pause: act("pause"), resume: act("resume"), retry: act("retry"), cancel: act("cancel") },
    ...{ reopen: act("reopen"), close: act("close") },
    get snapshot() {
      return {
        ...{ files: items.length, counts: counted(), unfinished: countOf(ACTIVE) },
        ...{ bytesSent: sumOf("bytesSent"), bytesTotal: sumOf("size"), bytesPerSecond: 0 },
        ...{ secondsLeft: undefined, paused: false, problem: undefined, skipped: 0 },
        reopenable: items.filter(({ reopenable }) => reopenable).length,
        elsewhere: { files: 0, bytesSent: 0, bytesTotal: 0 },
        ...more,
      };
    },
    set: (given: readonly Partial<UploadItem>[], others = {}) => {
      const before = items;
      more = others;
      items = given.map((item, index) => {
        const ids = { id: `id${index}`, uploadId: `upload${index}`, name: `${index}.txt` };
        return { ...FILE, ...ids, ...item } as UploadItem;
      });
      for (const item of [...before, ...items]) watcher(item);
      listener();
    },
    change: (index: number, change: Partial<UploadItem>) => {
      const item = { ...items[index], ...change } as UploadItem;
      items[index] = item;
      watcher(item);
      listener();
    },
  } as unknown as FakeQueue;
  window.queue = queue;
  const [element] = document.getElementsByTagName("media-upload");
  if (element !== undefined) (element as unknown as { uploads: Uploads }).uploads = queue;
}

/** Open a page with the element as it is installed, under a strict Content-Security-Policy. */
export async function openBare(page: Page, origin: string, body = FORM): Promise<Locator> {
  const html = `<!doctype html><html lang="en"><meta name="color-scheme" content="light dark">
    <meta name="viewport" content="width=device-width"><title>Bare</title>${body}
    <script type="module" src="/node_modules/media-upload/dist/element.js"></script>`;
  const headers = { "content-security-policy": POLICY };
  await page.route("**/bare", (route) =>
    route.fulfill({ contentType: "text/html", headers, body: html }),
  );
  await page.goto(`${origin}/bare`);
  await page.evaluate(() => customElements.whenDefined("media-upload").then(() => undefined));
  await page.evaluate(useFakeQueue);
  return page.locator("media-upload");
}

export function set(
  page: Page,
  items: readonly Partial<UploadItem>[],
  more: object = {},
): Promise<void> {
  return page.evaluate(([files, others]) => window.queue.set(files, others), [
    items,
    more,
  ] as const);
}

/** Return the form's values. */
export function values(page: Page): Promise<[string, string][]> {
  return page.evaluate(() => {
    const [form] = document.forms;
    return form === undefined ? [] : ([...new FormData(form)] as [string, string][]);
  });
}

/** Return what axe-core finds, with the contrast of all texts. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE); // Injected by the debugger, which the page's policy does not concern.
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const found = (await axe.run()).violations.filter(({ id }) => id !== "region");
    return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}
