import { describe, isFinal, pathOf, refusalOf } from "./admission.ts";
import type { EngineOptions } from "./engine/setup.ts";
import { Entry } from "./entry.ts";
import { isClutter, type ChosenFile } from "./files.ts";
import { Queue } from "./queue.ts";
import type {
  AddOptions,
  UploadItem,
  UploadProgress,
  Uploads,
  UploadsOptions,
  UploadsSnapshot,
} from "./types.ts";

/** How long to add files before the browser may react to the user. */
const TASK_MS = 25;
const NOTHING = { files: 0, bytesSent: 0, bytesTotal: 0 };

/** Create the queue of a page. Use one per page, since its files share the bandwidth. */
export function createUploads(options: UploadsOptions & Partial<EngineOptions>): Uploads {
  return new PageUploads(options);
}

/** What pages do with the queue. */
class PageUploads implements Uploads {
  readonly #queue: Queue;
  #skipped = 0;
  /** How often everything was cancelled, also what is still being added. */
  #cancelled = 0;

  constructor(private readonly options: UploadsOptions & Partial<EngineOptions>) {
    const { api, endpoint, getToken } = options;
    if (api === undefined && (endpoint === undefined || getToken === undefined)) {
      throw new TypeError("createUploads needs `endpoint` and `getToken`, or `api`.");
    }
    this.#queue = new Queue(options);
  }

  async add(files: Iterable<File | ChosenFile>, options: AddOptions = {}): Promise<UploadItem[]> {
    const shown: Entry[] = [];
    let added: Entry[] = [];
    let began = performance.now();
    const cancelled = this.#cancelled;
    // A copy: the list of an input is emptied when its value is set, which may be during an await.
    for (const given of [...files]) {
      if (this.#cancelled !== cancelled) return [];
      const entry = await this.#take(
        given instanceof File ? { file: given } : given,
        options,
        added,
      );
      if (entry !== undefined) shown.push(entry);
      if (performance.now() - began < TASK_MS) continue;
      // The browser takes a moment to find out the size of each file.
      this.#begin(added);
      await nextTask();
      added = [];
      began = performance.now();
    }
    this.#begin(added);
    return shown.map(({ item }) => item);
  }

  pause(id?: string): void {
    const queue = this.#queue;
    if (id === undefined) queue.pause();
    else {
      const entry = queue.known.byId(id);
      if (entry?.place === "active") entry.transfer?.pause();
      else if (entry?.place === "queued") queue.enter(entry, "paused");
    }
    queue.acted();
  }

  resume(id?: string): void {
    if (id === undefined) this.#queue.resume();
    else this.#restart(id, ["paused"]);
    this.#queue.acted();
  }

  retry(id?: string): void {
    if (id !== undefined) this.#restart(id, ["failed", "retrying"]);
    else {
      const retrying = [...this.#queue.list.active].filter(({ state }) => state === "retrying");
      for (const { saved } of retrying) this.#restart(saved.id, ["retrying"]);
      this.#queue.again(({ state, problem }) => state === "failed" && !isFinal(problem));
    }
    this.#queue.acted();
  }

  async cancel(id?: string): Promise<void> {
    const queue = this.#queue;
    if (id === undefined) this.#cancelled += 1;
    const entries = id === undefined ? queue.list.all() : [queue.known.byId(id)];
    const cancelling = entries.flatMap((entry) => (entry ? [queue.cancel(entry)] : []));
    queue.fill();
    queue.acted();
    await Promise.all(cancelling);
  }

  clear(): void {
    for (const entry of [...this.#queue.list.done].reverse()) this.#queue.forget(entry);
    this.#skipped = 0;
    this.#queue.acted();
  }

  async reopen(): Promise<void> {
    const queue = this.#queue;
    const missing = queue.list.attention.filter(({ state }) => state === "missing");
    await queue.memory?.reopen(missing, (entry, file) => queue.attach(entry, file));
    queue.fill();
    queue.acted();
  }

  get snapshot(): UploadsSnapshot {
    const { list, sums, paused, problem, memory } = this.#queue;
    if (this.#queue.snapshot !== undefined) return this.#queue.snapshot;
    const { counts, unfinished, bytesSent, bytesTotal, reopenable, meter } = sums;
    const moving = !paused && unfinished > counts.waiting + counts.retrying + counts.paused;
    return (this.#queue.snapshot = {
      ...{ files: list.size, counts: { ...counts }, unfinished, bytesSent, bytesTotal },
      ...meter.read(bytesTotal - bytesSent, unfinished),
      ...(!moving && { bytesPerSecond: 0, secondsLeft: undefined }),
      ...{ paused, problem, skipped: this.#skipped, reopenable },
      elsewhere: memory?.elsewhere ?? NOTHING,
    });
  }

  subscribe(listener: () => void): () => void {
    return this.#queue.listeners.subscribe(listener);
  }

  watch(listener: (item: UploadItem) => void): () => void {
    return this.#queue.listeners.watch(listener);
  }

  at(index: number): UploadItem | undefined {
    return this.#queue.list.at(index)?.item;
  }

  find(id: string): UploadItem | undefined {
    return this.#queue.known.byId(id)?.item;
  }

  progressOf(uploadId: string): UploadProgress | undefined {
    const { known, memory } = this.#queue;
    const entry = known.byUpload(uploadId);
    if (entry === undefined || entry.state === "missing" || entry.state === "failed") {
      const elsewhere = memory?.progressOf(uploadId);
      if (elsewhere !== undefined || entry?.state !== "failed") return elsewhere;
    }
    const { state, bytesSent, saved } = entry;
    return { state, bytesSent, size: saved.size, elsewhere: false };
  }

  close(): Promise<void> {
    this.#cancelled += 1;
    return this.#queue.close();
  }

  /** Return the entry of a chosen file; if it is a new one, it also goes to `added`. */
  async #take(chosen: ChosenFile, options: AddOptions, added: Entry[]) {
    const { file } = chosen;
    if (isClutter(file.name)) {
      this.#skipped += 1;
      return undefined;
    }
    const name = options.uploadId === undefined ? pathOf(chosen) : file.name;
    const known = this.#queue.known.like(file, name, options);
    if (known?.state === "missing") this.#queue.attach(known, file);
    else if (known === undefined || !(await isSame(known, file, options))) {
      const entry = this.#create(chosen, name, options);
      added.push(entry);
      return entry;
    } else this.#skipped += 1;
    return known;
  }

  /** Remember new files, and begin them if there is room. */
  #begin(added: readonly Entry[]): void {
    this.#queue.remember(added);
    this.#queue.fill();
    this.#queue.acted();
  }

  #create(chosen: ChosenFile, name: string, options: AddOptions): Entry {
    const queue = this.#queue;
    const entry = new Entry(describe(chosen, name, options), chosen.file, queue.nextOrder());
    queue.list.put(entry, "queued");
    queue.register(entry);
    const refusal = refusalOf(chosen.file, queue.list.size, this.options);
    if (refusal !== undefined) queue.enter(entry, "failed", refusal);
    return entry;
  }

  /** Begin one file at once, before all queued ones. */
  #restart(id: string, states: readonly string[]): void {
    const entry = this.#queue.known.byId(id);
    if (entry === undefined || !states.includes(entry.state) || isFinal(entry.problem)) return;
    if (entry.state === "retrying") entry.transfer?.pause();
    this.#queue.begin(entry);
  }
}

/** Whether a file is already in the list. */
async function isSame({ file }: Entry, other: File, { uploadId, clientToken }: AddOptions) {
  if (uploadId !== undefined || clientToken !== undefined) return true;
  if (file === undefined) return false;
  const { sameBytes } = await import("./bytes.ts");
  return sameBytes(file, other).catch(() => false);
}

/** Let the browser react to the user. Timers of hidden pages would wait for a second. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
