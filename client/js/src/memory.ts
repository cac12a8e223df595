import { Entry } from "./entry.ts";
import { Journal, type Saved } from "./journal.ts";
import { Tabs, type TabReport } from "./tabs.ts";
import type { UploadProgress, UploadsSnapshot } from "./types.ts";
import type { UploadState } from "./engine/index.ts";

const REPORT_MS = 500;

interface Owner {
  /** Show files that a closed tab left unfinished. */
  readonly found: (entries: readonly Entry[]) => void;
  readonly changed: () => void;
  readonly nextOrder: () => number;
}

type Attach = (entry: Entry, file: File) => void;

/** What this browser remembers of earlier pages, and what its other tabs are sending. */
export class Memory {
  readonly journal: Journal;
  readonly #tabs: Tabs;
  readonly #reports = new Map<string, TabReport>();
  #reportedAt = 0;
  #later: ReturnType<typeof setTimeout> | undefined;
  #lastFiles = 0;

  constructor(
    user: string,
    private readonly owner: Owner,
  ) {
    this.#tabs = new Tabs(
      user,
      (report) => {
        this.#reports.set(report.tab, report);
        this.#watch(report.tab);
        owner.changed();
      },
      () => {
        this.#reportedAt = 0;
        owner.changed();
      },
    );
    this.journal = new Journal(user, this.#tabs.id);
    void this.journal.tabs().then(
      (tabs) => tabs.forEach((tab) => this.#watch(tab)),
      () => undefined,
    );
  }

  get elsewhere(): UploadsSnapshot["elsewhere"] {
    const sum = { files: 0, bytesSent: 0, bytesTotal: 0 };
    for (const { files, bytesSent, bytesTotal } of this.#reports.values()) {
      sum.files += files;
      sum.bytesSent += bytesSent;
      sum.bytesTotal += bytesTotal;
    }
    return sum;
  }

  progressOf(uploadId: string): UploadProgress | undefined {
    for (const { uploads } of this.#reports.values()) {
      const found = uploads.find(([id]) => id === uploadId);
      if (found === undefined) continue;
      const [, state, bytesSent, size] = found;
      return { state: state as UploadState, bytesSent, size, elsewhere: true };
    }
    return undefined;
  }

  /** See Tabs.lead. */
  lead(uploadId: string): Promise<(() => void) | undefined> {
    return this.#tabs.lead(uploadId);
  }

  /** Tell other tabs what this one is sending, now and then. */
  report(
    sums: Pick<TabReport, "files" | "bytesSent" | "bytesTotal">,
    entries: readonly Entry[],
  ): void {
    const due = Date.now() >= this.#reportedAt + REPORT_MS || sums.files === 0;
    // The last change of a series is reported, too, such as a pause.
    if (!due) {
      this.#later ??= setTimeout(() => {
        this.#later = undefined;
        this.owner.changed();
      }, REPORT_MS);
    }
    if (!due || (sums.files === 0 && this.#lastFiles === 0)) return;
    this.#reportedAt = Date.now();
    this.#lastFiles = sums.files;
    const uploads = entries.flatMap(({ saved, state, bytesSent }) =>
      saved.uploadId === undefined ? [] : [[saved.uploadId, state, bytesSent, saved.size] as const],
    );
    this.#tabs.report({ tab: this.#tabs.id, ...sums, uploads });
  }

  /** Read files again that the browser lets this page read without asking. */
  reopenGranted(entries: readonly Entry[], attach: Attach): Promise<void> {
    return this.#reopen(entries, attach, (handle) => handle.queryPermission({ mode: "read" }));
  }

  /** Read files again; the browser asks the user for permission where it needs to. */
  reopen(entries: readonly Entry[], attach: Attach): Promise<void> {
    return this.#reopen(entries, attach, (handle) => handle.requestPermission({ mode: "read" }));
  }

  async close(): Promise<void> {
    clearTimeout(this.#later);
    await this.journal.close();
    this.#tabs.close();
  }

  /** Take over the uploads of another tab once it has ended. */
  #watch(tab: string): void {
    this.#tabs.watch(tab, async () => {
      this.#reports.delete(tab);
      const saved = await this.journal.adopt(tab);
      const entries = saved.map((each) => new Entry(each, undefined, this.owner.nextOrder()));
      this.owner.found(entries);
    });
  }

  async #reopen(
    entries: readonly Entry[],
    attach: Attach,
    permit: (handle: PermissionHandle) => Promise<PermissionState>,
  ): Promise<void> {
    const permitted = new Map<FileSystemHandle, boolean>();
    for (const entry of entries) {
      const { handle } = entry.saved;
      if (handle === undefined || entry.state !== "missing") continue;
      if (!permitted.has(handle)) {
        const state = await permit(handle as PermissionHandle).catch(() => "denied");
        permitted.set(handle, state === "granted");
      }
      if (permitted.get(handle) !== true) continue;
      const file = await readAgain(entry.saved, handle);
      if (file !== undefined) attach(entry, file);
    }
  }
}

type PermissionHandle = FileSystemHandle & {
  queryPermission(mode: { mode: "read" }): Promise<PermissionState>;
  requestPermission(mode: { mode: "read" }): Promise<PermissionState>;
};

/** Return the file, unless it has been changed, moved or deleted. */
async function readAgain(saved: Saved, handle: FileSystemHandle): Promise<File | undefined> {
  try {
    let found = handle;
    if (handle.kind === "directory") {
      // The first of the folders is the one that the handle is for.
      const folders = saved.name.split("/").slice(1);
      const name = folders.pop() ?? "";
      let folder = handle as FileSystemDirectoryHandle;
      for (const each of folders) folder = await folder.getDirectoryHandle(each);
      found = await folder.getFileHandle(name);
    }
    const file = await (found as FileSystemFileHandle).getFile();
    return file.size === saved.size && file.lastModified === saved.lastModified ? file : undefined;
  } catch {
    return undefined;
  }
}
