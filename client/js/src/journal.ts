import { NAME, randomId } from "./name.ts";

/** What a later page needs to continue an upload. */
export interface Saved {
  /** The client token, which makes the request of the upload safe to repeat. */
  id: string;
  uploadId?: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly lastModified: number;
  readonly tags?: readonly string[];
  /** The file, or the folder that the file's name begins with. */
  readonly handle?: FileSystemHandle;
}

/** Files that were added together; stored as one record, since a record for each would be slow. */
interface Page {
  readonly id: string;
  tab: string;
  readonly at: number;
  files: Saved[];
}

const PAGE_FILES = 200;
const KEPT_MS = 30 * 86_400_000;
const FLUSH_MS = 300;
const STORE = "pages";

/**
 * Remembers the unfinished uploads of all tabs in IndexedDB, never their bytes. It is a
 * convenience: where the browser refuses to store it, uploads work all the same.
 */
export class Journal {
  readonly #database: Promise<IDBDatabase>;
  readonly #pageOf = new Map<Saved, Page>();
  readonly #dirty = new Set<Page>();
  #flushing: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** `user` tells the uploads of different users apart; `tab` is the id of this page. */
  constructor(
    user: string,
    private readonly tab: string,
  ) {
    const request = indexedDB.open(`${NAME}:${user}`, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    this.#database = answer(request).then((database) => {
      // Another page deletes the database, such as when the user signs out.
      database.onversionchange = () => {
        this.#closed = true;
        database.close();
      };
      return database;
    });
    this.#database.catch(() => undefined);
  }

  add(files: readonly Saved[]): void {
    for (let at = 0; at < files.length; at += PAGE_FILES) {
      const some = files.slice(at, at + PAGE_FILES);
      const page = { id: randomId(), tab: this.tab, at: Date.now(), files: some };
      for (const saved of some) this.#pageOf.set(saved, page);
      this.#write(page);
    }
  }

  /** Store a change of a file. */
  update(saved: Saved): void {
    const page = this.#pageOf.get(saved);
    if (page !== undefined) this.#write(page);
  }

  /** Forget a file that is finished. */
  remove(saved: Saved): void {
    const page = this.#pageOf.get(saved);
    if (page === undefined) return;
    this.#pageOf.delete(saved);
    page.files.splice(page.files.indexOf(saved), 1);
    this.#write(page);
  }

  /** Return the ids of the tabs that have unfinished uploads. */
  async tabs(): Promise<Set<string>> {
    const pages = await this.#all();
    return new Set(pages.map(({ tab }) => tab));
  }

  /** Take over the files of a tab that has ended. */
  async adopt(tab: string): Promise<Saved[]> {
    const adopted: Saved[] = [];
    for (const page of await this.#all()) {
      if (page.tab !== tab) continue;
      page.tab = this.tab;
      if (page.at < Date.now() - KEPT_MS) page.files = [];
      for (const saved of page.files) this.#pageOf.set(saved, page);
      adopted.push(...page.files);
      this.#write(page);
    }
    await this.#flush();
    return adopted;
  }

  async close(): Promise<void> {
    await this.#flush();
    this.#closed = true;
    await this.#database.then(
      (database) => database.close(),
      () => undefined,
    );
  }

  async #all(): Promise<Page[]> {
    const database = await this.#database;
    return answer(database.transaction(STORE).objectStore(STORE).getAll() as IDBRequest<Page[]>);
  }

  #write(page: Page): void {
    this.#dirty.add(page);
    this.#flushing ??= setTimeout(() => void this.#flush(), FLUSH_MS);
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
    try {
      const database = await this.#database;
      if (this.#closed) return;
      const store = database.transaction(STORE, "readwrite").objectStore(STORE);
      let last: IDBRequest | undefined;
      for (const page of this.#dirty) {
        last = page.files.length === 0 ? store.delete(page.id) : store.put(page);
      }
      this.#dirty.clear();
      if (last !== undefined) await answer(last);
    } catch {
      this.#dirty.clear();
    }
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () =>
      reject(new Error("The browser stores nothing.", { cause: request.error }));
  });
}
