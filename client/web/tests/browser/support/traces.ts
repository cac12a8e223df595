import type { Page } from "@playwright/test";

/** What this browser stores for the client's origin: the names of the entries, by kind of storage. */
export interface Traces {
  readonly cookies: readonly string[];
  readonly localStorage: readonly string[];
  readonly sessionStorage: readonly string[];
  readonly databases: readonly string[];
  readonly caches: readonly string[];
  readonly workers: readonly string[];
  readonly files: readonly string[];
  readonly windowName: string;
}

export const NO_TRACES: Traces = {
  cookies: [],
  localStorage: [],
  sessionStorage: [],
  databases: [],
  caches: [],
  workers: [],
  files: [],
  windowName: "",
};

/** List every storage of the origin, as this page sees it. */
export async function traces(page: Page): Promise<Traces> {
  const cookies = await page.context().cookies();
  const stored = await page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const workers = await navigator.serviceWorker.getRegistrations();
    const files: string[] = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
    return {
      localStorage: Object.keys(localStorage).sort(),
      sessionStorage: Object.keys(sessionStorage).sort(),
      databases: databases.map(({ name }) => name ?? ""),
      caches: await caches.keys(),
      workers: workers.map(({ scope }) => scope),
      files,
      windowName: window.name,
    };
  });
  return { cookies: cookies.map(({ name }) => name), ...stored };
}

/** Return the names of the files that the browser remembers as unfinished. */
export function storedFiles(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const names: string[] = [];
    for (const { name = "" } of await indexedDB.databases()) {
      if (!name.startsWith("media-upload:")) continue;
      const connected = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = reject;
      });
      const pages = await new Promise<{ files: { name: string }[] }[]>((resolve, reject) => {
        const request = connected.transaction("pages").objectStore("pages").getAll();
        request.onsuccess = () => resolve(request.result as { files: { name: string }[] }[]);
        request.onerror = reject;
      });
      connected.close();
      names.push(...pages.flatMap(({ files }) => files.map((file) => file.name)));
    }
    return names;
  });
}

/** Mark the page's memory; the mark is gone once the page was loaded anew. */
export async function markMemory(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { marked: true }));
}

export function isMarked(page: Page): Promise<boolean> {
  return page.evaluate(() => "marked" in window);
}
