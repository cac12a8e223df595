import type { Page } from "@playwright/test";
import { visit } from "./test.ts";

/** A file that the page makes by itself. */
export interface Made {
  readonly name: string;
  readonly type?: string;
  readonly text?: string;
  readonly lastModified?: number;
}

/** Drop files on the page. */
export async function dropFiles(page: Page, made: readonly Made[]): Promise<void> {
  const transfer = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, type = "text/plain", text = "", lastModified = 0 } of given) {
      transfer.items.add(new File([text], name, { type, lastModified }));
    }
    return transfer;
  }, made);
  await page.locator("body").dispatchEvent("drop", { dataTransfer: transfer });
}

/** Choose files as from a folder, whose paths the browser gives in `webkitRelativePath`. */
export async function chooseFolder(page: Page, made: readonly Made[]): Promise<void> {
  await page.getByTestId("folder").evaluate((input: HTMLInputElement, given) => {
    const transfer = new DataTransfer();
    for (const { name: path, type = "text/plain", text = "", lastModified = 0 } of given) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      const file = new File([text], name, { type, lastModified });
      Object.defineProperty(file, "webkitRelativePath", { value: path });
      transfer.items.add(file);
    }
    // A list made by DataTransfer has copies of the files, without their paths.
    const files = [...transfer.files].map((file, index) =>
      Object.defineProperty(file, "webkitRelativePath", { value: given[index]?.name ?? "" }),
    );
    Object.defineProperty(input, "files", { value: files, configurable: true });
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }, made);
}

/** Choose many small files in 100 folders; each has other bytes. */
export async function addMany(page: Page, count: number): Promise<void> {
  const made = Array.from({ length: count }, (_, index) => ({
    name: `holiday/${index % 100}/photo ${index}.txt`,
    text: `This is file ${index}. `.repeat(40),
    lastModified: index,
  }));
  if (!page.url().endsWith("/upload")) await visit(page, "Upload");
  await page.getByTestId("folder").waitFor({ state: "attached" });
  await chooseFolder(page, made);
}

/**
 * Choose a file with the browser's picker, which is replaced, since tests can't operate it: the file
 * lies in the page's own file system, whose handles are like those of the user's files.
 */
export async function pickKept(page: Page, name: string, size: number): Promise<void> {
  await page.evaluate(
    async ([name, size]) => {
      const root = await navigator.storage.getDirectory();
      const handle = await root.getFileHandle(name, { create: true });
      const writable = await handle.createWritable();
      // Each block is different, so that parts are not mistaken for each other.
      for (let at = 0; at < size; at += 2 ** 20) {
        await writable.write(new Uint8Array(Math.min(2 ** 20, size - at)).fill((at >> 20) % 256));
      }
      await writable.close();
      Object.assign(window, { showOpenFilePicker: () => Promise.resolve([handle]) });
    },
    [name, size] as const,
  );
  if (!page.url().endsWith("/upload")) await visit(page, "Upload");
  await page.getByRole("button", { name: "Choose files" }).click();
}
